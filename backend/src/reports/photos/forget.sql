-- Forgets a photo that nobody named.
-- $1 its number
delete from photos where id = $1 and used_at is null
