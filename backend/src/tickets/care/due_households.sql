-- Households with a visit that falls due, the longest due first; kept from others. Those that
-- somebody holds at this moment are left for the next look.
-- $1 today, $2 how many at most
select h.id, h.seq, h.kind, st_x(h.place) as lng, st_y(h.place) as lat, h.edition, h.cell,
       units.id as unit, units.name as unit_name, h.schedule, h.next_on, h.ended_at, h.end_reason
from households as h
join units on units.id = cell_unit(h.cell)
where h.next_on <= $1
order by h.next_on, h.id
limit $2
for update of h skip locked
