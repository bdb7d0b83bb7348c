-- Adds people and answers their ids in the order given.
-- $1 names, $2 roles, $3 units, $4 whether on the duty desk, $5 log-ins, $6 password hashes
insert into people (name, role, unit, duty_desk, login, password_hash)
select name, role, unit, duty_desk, login, password_hash
from unnest($1::text[], $2::text[], $3::bigint[], $4::boolean[], $5::text[], $6::text[])
    with ordinality as given (name, role, unit, duty_desk, login, password_hash, place)
order by place
returning id
