-- Every webhook with what waits for it, oldest first.
-- $1 only this one (null: all)
select webhooks.id, name, url, actions, states, paused, delivered, delivered_at,
       count(outbox.id) filter (where next_at is not null) as waiting,
       count(outbox.id) filter (where next_at is null) as dead
from webhooks
left join outbox on outbox.webhook = webhooks.id
where $1::bigint is null or webhooks.id = $1
group by webhooks.id
order by webhooks.id
