-- Ends a campaign; no row when somebody changed it first, or it was ended.
-- $1 campaign, $2 the change that was seen, $3 now
update campaigns set seq = $2 + 1, ended_at = $3
where id = $1 and seq = $2 and ended_at is null
returning seq
