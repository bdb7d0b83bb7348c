-- Takes steps out of the line, with what telling of them needs: whether another unit has the ticket
-- since, and the units that the step called (not the one that did the calling), reminded or gave
-- tasks to.
-- $1 how many at most
with taken as (
    delete from steps_to_tell
    where ctid = any (array(select ctid from steps_to_tell limit $1))
    returning ticket, seq
)
select step.ticket, step.seq, step.action, step.to_state, step.unit,
       step.unit is distinct from before.unit as changed_hands,
       tickets.cell, tickets.community, tickets.street,
       array(select unit
             from ticket_calls as calls
             where calls.ticket = step.ticket
               and (calls.whistle = step.seq and calls.checked_in_seq is distinct from step.seq
                    or calls.reminded_seq = step.seq)
             union
             select unit
             from ticket_meetings as meeting
             join ticket_calls as calls using (ticket, whistle)
             where meeting.ticket = step.ticket and meeting.seq = step.seq and calls.shares)
           as called
from taken
join ticket_events as step using (ticket, seq)
join tickets on tickets.id = step.ticket
left join ticket_events as before on before.ticket = step.ticket and before.seq = step.seq - 1
order by step.at, step.ticket, step.seq
