-- Tickets of a ticket's category that were closed near it before it was opened: all that are not
-- sensitive, and whether this person may see each; of what is sensitive, what they may see. A care
-- visit is made again and again by plan and is no repeat.
-- $1 ticket, $2 how far in degrees of latitude, $3 how many days back, $4 sees all that is not
-- sensitive, $5 their unit, codes of their cells $6 of level 3, $7 of level 2, $8 of level 1, $9
-- sees all that is sensitive, $10 the unit whose sensitive ones they see (null: none), $11 how many
-- at most, those closed last
with asked as not materialized (
    select row(null, null, null, null, null, null, null, $4::boolean, $5::bigint, $6::text[],
               $7::text[], $8::text[], $9::boolean, $10::bigint)::ticket_wish as wish
)
select t.id, t.opened_at, t.closed_at, st_x(reports.place) as lng, st_y(reports.place) as lat,
       units.name as unit_name, ticket_fits(t, wish) as seen
from asked, tickets as own
join reports on reports.place && st_expand(
        own.place, $2::double precision / greatest(cos(radians(st_y(own.place))), 0.01), $2)
    and reports.category = own.category
join tickets as t on t.id = reports.id
join units on units.id = coalesce(t.handled_unit, t.unit)
where own.id = $1 and t.id <> own.id
  and t.closed_at <= own.opened_at
  and t.closed_at > own.opened_at - make_interval(days => $3::integer)
  and (not t.sensitive or ticket_fits(t, wish))
  and not exists (select from care_visits as visit where visit.ticket = t.id)
order by t.closed_at desc, t.id desc
limit $11
