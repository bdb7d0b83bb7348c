-- Open tickets in a box around a place that this person may see, the nearest first, with how each
-- began, how many photos that has and how many reports there are. Found by the reports that opened
-- them: a ticket bears the number of its report, and an index of all tickets by place would be a
-- second one of the same.
-- $1 west, $2 south, $3 east, $4 north, $5 and $6 the place, all in degrees, $7 but not this
-- ticket, $8 how many characters of a report, $9 sees all that is not sensitive, $10 their unit,
-- codes of their cells $11 of level 3, $12 of level 2, $13 of level 1, $14 sees all that is
-- sensitive, $15 the unit whose sensitive ones they see (null: none), $16 how many at most
with asked as not materialized (
    select row(null, null, null, null, null, null, null, $9::boolean, $10::bigint, $11::text[],
               $12::text[], $13::text[], $14::boolean, $15::bigint)::ticket_wish as wish,
           -- Of tickets a whistle called their unit to, they see all, if they see sensitive ones.
           row(null, null, null, null, null, null, null, true, $10::bigint, $11::text[],
               $12::text[], $13::text[], $15::bigint is not null, $15::bigint)::ticket_wish
               as called_wish
)
select t.id, t.state, t.category, t.cell, units.name as unit_name, t.opened_at, t.due_at,
       t.sensitive, st_x(reports.place) as lng, st_y(reports.place) as lat, reports.accuracy_m,
       left(reports.text, $8::integer) as excerpt,
       1 + (select count(*) from tickets as other
            where other.merged_into = t.id and (t.sensitive or $14 or not other.sensitive))
           as reports,
       (select count(*) from photos where photos.report = t.id) as photos
from asked, reports
join tickets as t on t.id = reports.id
join units on units.id = t.unit
where reports.place && st_makeenvelope($1, $2, $3, $4, 4490)
  and t.ended_at is null and t.closed_at is null and t.id <> $7
  and (ticket_fits(t, wish)
       or (ticket_fits(t, called_wish)
           and exists (select from ticket_calls as call
                       where call.ticket = t.id and call.unit = $10)))
order by reports.place <-> st_setsrid(st_makepoint($5, $6), 4490), t.id
limit $16
