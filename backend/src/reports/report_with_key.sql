-- Which report was stored under this key?
-- $1 channel, $2 key
select id from reports where channel = $1 and key = $2
