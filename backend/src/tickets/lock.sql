-- Keeps tickets as they are until the transaction ends, and says which event each shows; in one
-- order for all, so that two who lock the same do not wait for each other in a circle.
-- $1 tickets
select id, seq from tickets where id = any ($1) order by id for update
