-- Where a webhook's messages go and what they are signed with.
-- $1 webhook
select url, secret from webhooks where id = $1
