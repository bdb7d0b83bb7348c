-- Who has this log-in name, and the hash their password must match?
-- $1 log-in name
select id as person, password_hash from people where login = $1 and active
