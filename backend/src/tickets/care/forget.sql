-- Forgets who lived in households whose care ended before this time; their visits stay.
-- $1 before
with gone as (
    delete from household_details
    using households
    where households.id = household_details.household and ended_at < $1
    returning household
), emptied as (
    update care_tries set note = '' from gone where care_tries.household = gone.household
)
select count(*) as forgotten from gone
