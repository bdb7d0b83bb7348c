-- Ends a session; counts none when there was none.
-- $1 SHA-256 of the token
delete from sessions where token_hash = $1
