-- The tickets of a campaign that somebody may see, newest first. Of many categories each is read
-- in order until the page is full; of cells there is little, and it is read whole.
-- $1 campaign, $2 the way in (migration 0008), $3 the wish (migration 0004), $4 before this
-- number, $5 how many at most
with found as (
    (select t.id
     from campaign_members($1, case $2::text when 'categories' then 'chosen' else $2 end, null,
                           $3::ticket_wish) as t
     where t.id < $4
     order by t.id desc limit $5)
    union all
    (select t.id
     from campaigns as c
     cross join unnest(c.categories) as one (category)
     cross join lateral (
        select t.id from tickets as t
        where t.ended_at is null and t.category = one.category and t.id < $4
          and campaign_covers(c, t) and ticket_fits(t, $3::ticket_wish)
          and not exists (select from campaign_choices as chosen
                          where chosen.campaign = c.id and chosen.ticket = t.id)
        order by t.id desc limit $5) as t
     where c.id = $1 and $2 = 'categories'
     order by t.id desc limit $5)
    union all
    (select t.id
     from campaigns as c
     cross join unnest(c.categories) as one (category)
     cross join lateral (
        select t.id from tickets as t
        where t.ended_at is not null and t.category = one.category and t.id < $4
          and campaign_covers(c, t) and ticket_fits(t, $3::ticket_wish)
          and not exists (select from campaign_choices as chosen
                          where chosen.campaign = c.id and chosen.ticket = t.id)
        order by t.id desc limit $5) as t
     where c.id = $1 and $2 = 'categories'
     order by t.id desc limit $5)
)
select tickets.id, state, seq, level, unit, units.name as unit_name, units.kind as unit_kind,
       handled_unit, handled_by, category, urgent, sensitive, supervised, st_x(place) as lng,
       st_y(place) as lat, edition, cell, community, street, opened_at, ended_at, stage, clock,
       warn_at, due_at, long_at, provisional, review_at, merged_into, arrive_clock,
       arrive_due_at, arrived_at
from (select id from found order by id desc limit $5) as page
join tickets using (id)
join units on units.id = tickets.unit
order by id desc
