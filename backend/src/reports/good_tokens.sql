-- The tokens that are good, with what recognises them.
select id, channel, secret_hash, expires_at, used_on
from tokens
where revoked_at is null
