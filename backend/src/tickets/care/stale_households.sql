-- Households under care whose cell was found by an older edition; kept from others.
-- $1 the edition in force, $2 how many at most
select h.id, h.seq, h.kind, st_x(h.place) as lng, st_y(h.place) as lat, h.edition, h.cell,
       units.id as unit, units.name as unit_name, h.schedule, h.next_on, h.ended_at, h.end_reason
from households as h
join units on units.id = cell_unit(h.cell)
where h.edition < $1 and h.ended_at is null
order by h.edition, h.id
limit $2
for update of h skip locked
