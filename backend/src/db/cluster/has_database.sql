-- Is there a database of this name in the cluster?
-- $1 name
select oid from pg_database where datname = $1
