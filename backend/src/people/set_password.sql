-- Gives somebody a log-in name and a password.
-- $1 person, $2 log-in name, $3 hash of the password
update people set login = $2, password_hash = $3 where id = $1
