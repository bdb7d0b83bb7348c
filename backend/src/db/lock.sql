-- Waits until no other process migrates this database; held to the end of the transaction.
-- $1 the number every process agrees on
select pg_advisory_xact_lock($1)
