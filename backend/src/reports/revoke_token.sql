-- Takes a token back; one that was taken back before stays as it is.
-- $1 token, $2 who, $3 now
update tokens set revoked_by = $2, revoked_at = $3 where id = $1 and revoked_at is null
