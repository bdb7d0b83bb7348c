-- Tickets that this person may see, newest first.
-- $1 state, $2 codes of level-3 cells, $3 category, $4 unit (each null: any), $5 only overdue,
-- $6 now, $7 before this number, $8 how many at most, $9 sees all that is not sensitive, $10 their
-- unit, $11 codes of their cells of level 3, $12 of level 2, $13 of level 1, $14 sees all that is
-- sensitive, $15 the unit whose sensitive ones they see (null: none)
select tickets.id, state, seq, level, unit, units.name as unit_name, units.kind as unit_kind,
       handled_unit, handled_by, category, urgent, sensitive, supervised, st_x(place) as lng,
       st_y(place) as lat, edition, cell, community, street, opened_at, ended_at, stage, clock,
       warn_at, due_at, long_at, provisional, review_at, merged_into, arrive_clock,
       arrive_due_at, arrived_at
from tickets
join units on units.id = tickets.unit
where tickets.id < $7
  and ($1::text is null or state = $1)
  and ($2::text[] is null or cell = any($2))
  and ($3::text is null or category = $3)
  and ($4::bigint is null or unit = $4)
  and (not $5 or due_at < $6)
  and ($9 or unit = $10 or handled_unit = $10 or cell = any($11) or community = any($12)
          or street = any($13) or tickets.id in (select ticket from ticket_calls where unit = $10))
  and (not sensitive or $14 or unit = $15 or handled_unit = $15
          or tickets.id in (select ticket from ticket_calls where unit = $15))
order by tickets.id desc
limit $8
