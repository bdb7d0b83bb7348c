-- Who has this log-in name, and the hash their password must match?
-- $1 log-in name
select people.id as person, people.name, people.role, units.name as unit, people.password_hash
from people join units on units.id = people.unit
where people.login = $1
