-- Households that somebody may see, by number.
-- $1 only this one (null: all), $2 only in these cells (null: all), $3 only of this kind (null:
-- all), $4 those whose care has ended, too, $5 after this number, $6 sees all that is sensitive,
-- $7 the unit whose sensitive business they see (null: none), $8 how many at most
select h.id, h.seq, h.kind, st_x(h.place) as lng, st_y(h.place) as lat, h.edition, h.cell,
       units.id as unit, units.name as unit_name, h.schedule, h.next_on, h.ended_at, h.end_reason
from households as h
join units on units.id = cell_unit(h.cell)
where ($1::bigint is null or h.id = $1)
  and ($2::text[] is null or h.cell = any ($2))
  and ($3::text is null or h.kind = $3)
  and ($4::boolean or h.ended_at is null)
  and h.id > $5
  and household_fits(h, $6, $7)
order by h.id
limit $8
