-- The household that somebody added under this key.
-- $1 who, $2 key
select id from households where added_by = $1 and key = $2
