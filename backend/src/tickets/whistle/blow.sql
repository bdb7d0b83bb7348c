-- Keeps a whistle and whom it called; whoever blew it is there from the start.
-- $1 ticket, $2 event, $3 clock of checking in, $4 warn, $5 due, $6 provisional, $7 units, $8 the
-- unit that blew
with blown as (
    insert into ticket_whistles (ticket, seq, clock, warn_at, due_at, provisional)
    values ($1, $2, $3, $4, $5, $6)
)
insert into ticket_calls (ticket, whistle, unit, checked_in_seq)
select $1, $2, unit, case when unit = $8 then $2 end
from unnest($7::bigint[]) as unit
