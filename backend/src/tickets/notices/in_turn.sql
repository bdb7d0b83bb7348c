-- Waits until no other process gives numbers, and keeps others waiting until this transaction ends.
-- $1 the lock
select pg_advisory_xact_lock($1)
