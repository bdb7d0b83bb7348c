-- Takes messages out that were taken over, and counts them.
-- $1 webhook, $2 messages, $3 which attempt of each, $4 now
with gone as (
    delete from outbox
    using unnest($2::bigint[], $3::integer[]) as done (id, attempt)
    where outbox.id = done.id and outbox.attempts = done.attempt
    returning outbox.id
)
update webhooks
set delivered = delivered + (select count(*) from gone), delivered_at = $4
where id = $1
