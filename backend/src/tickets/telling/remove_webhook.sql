-- Removes a webhook and, by the foreign key, its messages.
-- $1 webhook
delete from webhooks where id = $1
