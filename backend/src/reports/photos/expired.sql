-- Photos that nobody named in time, oldest first.
-- $1 sent before this, $2 how many at most
select id, object from photos where used_at is null and sent_at < $1 order by sent_at limit $2
