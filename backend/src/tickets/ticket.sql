-- A ticket, if this person may see it.
-- $1 ticket, $2 sees all, $3 their unit, $4 codes of their cells, $5 sees what is sensitive
select tickets.id, state, seq, level, unit, units.name as unit_name, units.kind as unit_kind,
       handled_unit, handled_by, category, urgent, sensitive, supervised, st_x(place) as lng,
       st_y(place) as lat, edition, cell, community, street, opened_at, ended_at, stage, clock,
       warn_at, due_at, long_at, provisional, review_at, merged_into
from tickets
join units on units.id = tickets.unit
where tickets.id = $1
  and ($2 or unit = $3 or handled_unit = $3 or cell = any($4) or community = any($4)
          or street = any($4))
  and (not sensitive or $5 or unit = $3)
