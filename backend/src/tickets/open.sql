-- Opens a ticket for each report, under its number, sensitive if the report is; the linkage centre
-- is responsible until it is dispatched.
-- $1 reports, $2 codes of the community above the cell, $3 of the district above that (null where
-- there is none), $4 clocks, $5 warn, $6 due, $7 long overdue, $8 provisional, $9 opened at
with given as materialized (
    select row.*, centre.unit
    from unnest($1::bigint[], $2::text[], $3::text[], $4::jsonb[], $5::timestamptz[],
                $6::timestamptz[], $7::timestamptz[], $8::boolean[])
        as row (report, community, street, clock, warn_at, due_at, long_at, provisional)
    cross join (select min(id) as unit from units where kind = 'centre') as centre
), opened as (
    insert into tickets (id, state, seq, unit, category, sensitive, place, edition, cell,
                         community, street, opened_at, stage, clock, warn_at, due_at, long_at,
                         provisional)
    select report, 'reported', 1, unit, category, sensitive, place, edition, cell, community,
           street, $9, 'verify', clock, warn_at, due_at, long_at, provisional
    from given
    join reports on reports.id = report
)
insert into ticket_events (ticket, seq, from_state, action, to_state, unit, at)
select report, 1, 'new', 'open', 'reported', unit, $9
from given
