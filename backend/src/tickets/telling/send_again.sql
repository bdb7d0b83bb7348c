-- Puts a dead letter back in line, as if it had never been tried.
-- $1 message, $2 now
update outbox set attempts = 0, next_at = $2 where id = $1 and next_at is null
