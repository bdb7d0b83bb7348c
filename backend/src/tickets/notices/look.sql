-- Clocks were looked at.
-- $1 now
update notice_looks set looked_at = $1
