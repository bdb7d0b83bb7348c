-- Opens the ticket of a visit under the number of its report: with the unit of its cell at once.
-- $1 report, $2 community above its cell, $3 street, $4 clock, $5 warn, $6 due, $7 long overdue,
-- $8 provisional, $9 now, $10 what is said
with opened as (
    insert into tickets (id, state, seq, unit, category, sensitive, place, edition, cell,
                         community, street, opened_at, stage, clock, warn_at, due_at, long_at,
                         provisional)
    select id, 'dispatched', 1, cell_unit(cell), category, sensitive, place, edition, cell, $2, $3,
           $9, 'handle', $4, $5, $6, $7, $8
    from reports
    where id = $1
    returning id, unit
)
insert into ticket_events (ticket, seq, from_state, action, to_state, unit, at, note)
select id, 1, 'new', 'schedule', 'dispatched', unit, $9, $10
from opened
