-- Claims messages of a webhook that are due, each the first of its ticket still to arrive, and
-- answers what they tell.
-- $1 webhook, $2 now, $3 until when nobody else tries them, $4 how many at most
with due as (
    select id
    from outbox as message
    where webhook = $1 and next_at <= $2
      and exists (select from webhooks where webhooks.id = $1 and not paused)
      and not exists (
          select from outbox as earlier
          where earlier.webhook = $1 and earlier.ticket = message.ticket
            and earlier.seq < message.seq and earlier.next_at is not null)
    order by next_at, id
    limit $4
    for update skip locked
), claimed as (
    update outbox
    set attempts = attempts + 1, next_at = $3, tried_at = $2
    from due
    where outbox.id = due.id
    returning outbox.id, attempts, outbox.ticket, outbox.seq
)
select claimed.id, claimed.attempts, event.ticket, event.seq, event.at, event.from_state,
       event.action, event.to_state, event.unit, units.name as unit_name, tickets.cell,
       tickets.category, tickets.sensitive
from claimed
join ticket_events as event on event.ticket = claimed.ticket and event.seq = claimed.seq
join tickets on tickets.id = claimed.ticket
join units on units.id = event.unit
order by claimed.id
