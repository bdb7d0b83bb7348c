-- Tickets with a category that were closed within a time and that this person may see, closed last
-- at the top. A care visit is made again and again by plan and is no repeat.
-- $1 after this time, $2 up to this one, $3 level-3 cell, $4 community, $5 street, $6 category
-- (each null: any), $7 sees all that is not sensitive, $8 their unit, codes of their cells $9 of
-- level 3, $10 of level 2, $11 of level 1, $12 sees all that is sensitive, $13
-- the unit whose sensitive ones they see (null: none), $14 how many at most
with asked as not materialized (
    select row(null, $3::text, $4::text, $5::text, $6::text, null, null, $7::boolean, $8::bigint,
               $9::text[], $10::text[], $11::text[], $12::boolean, $13::bigint)::ticket_wish as wish
)
select t.id, t.category, t.cell, t.opened_at, t.closed_at, st_x(t.place) as lng,
       st_y(t.place) as lat, units.name as unit_name
from asked, tickets as t
join units on units.id = coalesce(t.handled_unit, t.unit)
where t.closed_at > $1 and t.closed_at <= $2 and t.category is not null and ticket_fits(t, wish)
  and not exists (select from care_visits as visit where visit.ticket = t.id)
order by t.closed_at desc, t.id desc
limit $14
