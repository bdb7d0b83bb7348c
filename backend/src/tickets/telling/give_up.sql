-- Throws a dead letter away.
-- $1 message
delete from outbox where id = $1 and next_at is null
