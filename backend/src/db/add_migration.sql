-- Remembers a migration that has just been applied.
-- $1 number, $2 name, $3 SHA-256 of its text in hexadecimal
insert into migrations (number, name, sha256) values ($1, $2, $3)
