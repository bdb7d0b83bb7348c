-- Whether this process may do what is done under a lock: one at a time, until its transaction ends.
-- $1 the lock
select pg_try_advisory_xact_lock($1) as alone
