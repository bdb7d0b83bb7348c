-- Lets a webhook's messages wait, or go on; no row when there is none.
-- $1 webhook, $2 whether they wait
update webhooks set paused = $2 where id = $1 returning id
