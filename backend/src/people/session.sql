-- Whose session is this, if it is not over?
-- $1 SHA-256 of the token
select people.id as person, people.name, people.role, units.name as unit
from sessions
join people on people.id = sessions.person
join units on units.id = people.unit
where sessions.token_hash = $1 and sessions.expires_at > now()
