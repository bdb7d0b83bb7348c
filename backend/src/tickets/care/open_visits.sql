-- The visits to a household that are still to be made, oldest first.
-- $1 household
select household, due_on, ticket, result, result_at
from care_visits
where household = $1 and result is null
order by due_on
