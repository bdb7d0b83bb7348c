-- Waits for whoever else is at this picture, until the transaction ends.
-- $1 the kind of lock, $2 the picture
select pg_advisory_xact_lock($1, $2)
