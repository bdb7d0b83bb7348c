-- Keeps tickets as they are until the transaction ends; in one order for all, so that two who lock
-- the same do not wait for each other in a circle.
-- $1 tickets
select id from tickets where id = any ($1) order by id for update
