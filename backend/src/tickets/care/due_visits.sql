-- Visits to be made by a unit, what is due first at the top; what is put off comes when it is
-- looked at again.
-- $1 sees all that is sensitive, $2 the unit (null: none), $3 after this time, $4 and this ticket,
-- $5 how many at most
select h.id, h.seq, h.kind, st_x(h.place) as lng, st_y(h.place) as lat, h.edition, h.cell,
       units.id as unit, units.name as unit_name, h.schedule, h.next_on, h.ended_at, h.end_reason,
       visit.due_on, visit.ticket, t.state, t.level, t.next_at as due_at,
       (select count(*) from care_tries as tried
        where tried.household = h.id and tried.due_on = visit.due_on) as tries
from care_visits as visit
cross join lateral (
    select id, state, level, unit, next_at
    from tickets
    where id = visit.ticket and ended_at is null and closed_at is null
    -- A visit at a time: the other way round every ticket would be read.
    offset 0) as t
join households as h on h.id = visit.household
join units on units.id = cell_unit(h.cell)
where visit.result is null
  and (t.next_at, t.id) > ($3, $4)
  and ($1 or t.unit = $2 or cell_unit(h.cell) = $2)
order by t.next_at, t.id
limit $5
