-- Keeps a meeting: its minutes, who has a share, its one lead, the tasks in order.
-- $1 ticket, $2 whistle, $3 event, $4 minutes, $5 lead, $6 lead and co-handlers, then the tasks:
-- $7 stages, $8 their names, $9 units, $10 what is to be done, $11 clocks, $12 warn, $13 due,
-- $14 long overdue, $15 provisional
with shared as (
    update ticket_calls set shares = true
    where ticket = $1 and whistle = $2 and unit = any($6::bigint[])
), met as (
    insert into ticket_meetings (ticket, whistle, seq, minutes, lead) values ($1, $2, $3, $4, $5)
)
insert into ticket_tasks (ticket, whistle, number, stage, stage_name, unit, what, clock, warn_at,
                          due_at, long_at, provisional)
select $1, $2, number, stage, stage_name, unit, what, clock, warn_at, due_at, long_at, provisional
from unnest($7::smallint[], $8::text[], $9::bigint[], $10::text[], $11::jsonb[],
            $12::timestamptz[], $13::timestamptz[], $14::timestamptz[], $15::boolean[])
    with ordinality as given (stage, stage_name, unit, what, clock, warn_at, due_at, long_at,
                              provisional, number)
