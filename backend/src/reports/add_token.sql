-- Keeps a token.
-- $1 name, $2 channel, $3 SHA-256 of its secret, $4 who issues it, $5 now, $6 expiry
insert into tokens (name, channel, secret_hash, issued_by, issued_at, expires_at)
values ($1, $2, $3, $4, $5, $6)
returning id
