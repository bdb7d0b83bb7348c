-- Marks of running clocks that were passed since the last look and not told of; of several of one
-- ticket the last. Reports that nobody has touched yet were opened within the longest limit of
-- verification. What is closed waits for a rating only, and hurries nobody.
-- $1 last look, $2 now, $3 when the longest limit of verification is over that starts now, $4 how
-- many at most
with passed as (
    select id, 'due_soon' as kind, warn_at as mark_at
    from tickets
    where ended_at is null and (seq > 1 or state <> 'reported')
      and warn_at > $1 and warn_at <= $2
    union all
    select id, 'due_soon', warn_at
    from tickets
    where ended_at is null and seq = 1 and next_at > $2 and next_at <= $3
      and warn_at > $1 and warn_at <= $2
    union all
    select id, 'overdue', due_at
    from tickets
    where ended_at is null and next_at > $1 and next_at <= $2 and due_at is not null
    union all
    select id, 'long_overdue', long_at
    from tickets
    where ended_at is null and next_at <= $2 and long_at > $1 and long_at <= $2
), last as (
    select distinct on (id) id, kind, mark_at
    from passed
    order by id, mark_at desc, kind = 'due_soon', kind = 'overdue'
)
select last.kind, last.mark_at, tickets.id as ticket, tickets.seq, tickets.unit, tickets.cell,
       tickets.community, tickets.street
from last
join tickets using (id)
where tickets.state <> 'closed'
  and not exists (
      select from notices
      where notices.ticket = last.id and notices.kind = last.kind
        and notices.mark_at = last.mark_at)
order by last.mark_at, tickets.id
limit $4
