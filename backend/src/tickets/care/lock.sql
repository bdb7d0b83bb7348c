-- Keeps a household from being changed until the transaction ends.
-- $1 household
select id from households where id = $1 for update
