-- The log-in name of somebody and the hash of their password, where they have one.
-- $1 person
select login, password_hash from people where id = $1 and login is not null
