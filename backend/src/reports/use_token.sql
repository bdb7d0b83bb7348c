-- Notes the day a token was used on.
-- $1 token, $2 day
update tokens set used_on = $2 where id = $1 and (used_on is null or used_on < $2)
