-- Takes a duty off the roster, if it has not begun.
-- $1 duty, $2 now
delete from duties where id = $1 and begins_at > $2
