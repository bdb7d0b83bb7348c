-- Ends the care; no row when somebody changed the household first, or it has ended.
-- $1 household, $2 the change that was seen, $3 reason, $4 now
update households set seq = $2 + 1, ended_at = $4, end_reason = $3, next_on = null
where id = $1 and seq = $2 and ended_at is null
returning seq
