-- Keeps why messages were not taken over and when they are tried again (null: never).
-- $1 messages, $2 which attempt of each, $3 when again, $4 problems, $5 statuses
update outbox
set next_at = failed.again, problem = failed.problem, status = failed.status
from unnest($1::bigint[], $2::integer[], $3::timestamptz[], $4::text[], $5::smallint[])
    as failed (id, attempt, again, problem, status)
where outbox.id = failed.id and outbox.attempts = failed.attempt
