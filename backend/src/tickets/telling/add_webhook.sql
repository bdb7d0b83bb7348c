-- Adds a webhook.
-- $1 name, $2 address, $3 secret, $4 actions, $5 states, $6 now
insert into webhooks (name, url, secret, actions, states, added_at)
values ($1, $2, $3, $4, $5, $6)
returning id
