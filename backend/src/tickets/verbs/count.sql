-- How many tickets an export has, and how many sensitive ones it leaves out.
-- $1 to $7 the wish (migration 0004): state, level-3 cell, community, street, category, unit, due
-- before (each null: any), $8 with sensitive ones, $9 opened from, $10 opened before (each null:
-- whenever)
select count(*) filter (where not t.sensitive or $8) as exported,
       count(*) filter (where t.sensitive and not $8) as left_out
from tickets as t
where ticket_fits(t, row($1::text, $2::text, $3::text, $4::text, $5::text, $6::bigint,
                         $7::timestamptz, true, 0, '{}', '{}', '{}', true, null)::ticket_wish)
  and ($9::timestamptz is null or t.opened_at >= $9)
  and ($10::timestamptz is null or t.opened_at < $10)
