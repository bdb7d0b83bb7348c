-- Whose session is this, if it is not over? Whether a day or more has gone by since it was last
-- made to last longer, and it may.
-- $1 SHA-256 of the token
select people.id as person, people.name, people.role, people.unit as unit_id, units.name as unit,
       held.levels, held.cells, held.roles,
       sessions.expires_at < least(now() + interval '13 days', created_at + interval '90 days')
           as may_last
from sessions
join people on people.id = sessions.person
join units on units.id = people.unit
cross join lateral (
    select coalesce(array_agg(level order by level, cell, role), '{}') as levels,
           coalesce(array_agg(cell order by level, cell, role), '{}') as cells,
           coalesce(array_agg(role order by level, cell, role), '{}') as roles
    from posts
    where posts.person = people.id
) as held
where sessions.token_hash = $1 and sessions.expires_at > now() and people.active
