-- Moves a ticket from the event that was seen to the next one; no row when somebody was first.
-- $1 ticket, $2 the event that was seen, $3 state, $4 action, $5 unit, $6 level, $7 the handlers'
-- unit and $8 person (null: as before), $9 supervised, $10 stage, $11 clock, $12 warn, $13 due,
-- $14 long overdue, $15 provisional, $16 review, $17 merged into, $18 now, $19 ended, $20 who,
-- $21 note, $22 key, $23 sensitive, $24 urgent, $25 clock of arriving, $26 when that is due,
-- $27 arrived at
with before as (
    select id, state from tickets where id = $1 and seq = $2 for update
), moved as (
    update tickets
    set state = $3, seq = $2 + 1, unit = $5, level = $6,
        handled_unit = coalesce($7, handled_unit), handled_by = coalesce($8, handled_by),
        supervised = $9, sensitive = $23, urgent = $24, stage = $10, clock = $11, warn_at = $12,
        due_at = $13, long_at = $14, provisional = $15, review_at = $16, arrive_clock = $25,
        arrive_due_at = $26, arrived_at = $27,
        merged_into = case when $3 = 'merged' then coalesce($17, merged_into) end,
        closed_at = case when $3 = 'closed' then coalesce(closed_at, $18::timestamptz)
                         when $3 = 'evaluated' then closed_at end,
        late = late or coalesce(stage <> 'evaluate' and due_at < $18::timestamptz, false),
        ended_at = case when $19 then coalesce(ended_at, $18::timestamptz) end
    from before
    where tickets.id = before.id
    returning tickets.id, before.state as from_state
)
insert into ticket_events (ticket, seq, from_state, action, to_state, person, unit, at, note,
                           key)
select id, $2 + 1, from_state, $4, $3, $20, $5, $18, $21, $22
from moved
returning seq
