-- A ticket, if this person may see it.
-- $1 ticket, $2 sees all that is not sensitive, $3 their unit, $4 codes of their cells of level 3,
-- $5 of level 2, $6 of level 1, $7 sees all that is sensitive, $8 the unit whose sensitive ones
-- they see (null: none)
select tickets.id, state, seq, level, unit, units.name as unit_name, units.kind as unit_kind,
       handled_unit, handled_by, category, urgent, sensitive, supervised, st_x(place) as lng,
       st_y(place) as lat, edition, cell, opened_at, ended_at, stage, clock,
       warn_at, due_at, long_at, provisional, review_at, merged_into, arrive_clock,
       arrive_due_at, arrived_at,
       exists (select from ticket_whistles where ticket = tickets.id) as whistled,
       exists (select from tickets as other where other.merged_into = tickets.id) as joined,
       (select at from ticket_events as last
        where last.ticket = tickets.id and last.seq = tickets.seq) as last_at
from tickets
join units on units.id = tickets.unit
where tickets.id = $1
  and ($2 or tickets.unit = $3 or handled_unit = $3 or cell = any($4) or community = any($5)
          or street = any($6)
          or exists (select from ticket_calls as calls
                     where calls.ticket = tickets.id and calls.unit = $3))
  and (not sensitive or $7 or tickets.unit = $8 or handled_unit = $8
          or exists (select from ticket_calls as calls
                     where calls.ticket = tickets.id and calls.unit = $8))
