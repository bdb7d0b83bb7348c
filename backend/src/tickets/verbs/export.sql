-- Tickets for a file, by number.
-- $1 to $7 the wish (migration 0004): state, level-3 cell, community, street, category, unit, due
-- before (each null: any), $8 with sensitive ones, $9 opened from, $10 opened before (each null:
-- whenever)
select t.id, state, seq, level, unit, units.name as unit_name, category, urgent, sensitive,
       supervised, st_x(place) as lng, st_y(place) as lat, edition, cell, opened_at, ended_at,
       stage, clock, warn_at, due_at, long_at, provisional, arrive_due_at, arrived_at, review_at,
       merged_into
from tickets as t
join units on units.id = t.unit
where ticket_fits(t, row($1::text, $2::text, $3::text, $4::text, $5::text, $6::bigint,
                         $7::timestamptz, true, 0, '{}', '{}', '{}', $8::boolean,
                         null)::ticket_wish)
  and ($9::timestamptz is null or t.opened_at >= $9)
  and ($10::timestamptz is null or t.opened_at < $10)
order by t.id
