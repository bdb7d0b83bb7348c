-- Makes a session that is used last fourteen days from now, ninety from its beginning at most.
-- $1 SHA-256 of the token
update sessions set expires_at = least(now() + interval '14 days', created_at + interval '90 days')
where token_hash = $1
