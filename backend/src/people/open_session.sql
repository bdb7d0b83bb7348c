-- Opens a session of fourteen days and forgets those that are over.
-- $1 SHA-256 of the token, $2 person
with forgotten as (delete from sessions where expires_at < now())
insert into sessions (token_hash, person, expires_at) values ($1, $2, now() + interval '14 days')
