-- Webhooks with a message that is due.
-- $1 now
select id
from webhooks
where not paused
  and exists (select from outbox where outbox.webhook = webhooks.id and next_at <= $1)
order by id
