-- People with their unit and posts, by number.
-- $1 only this one, $2 only of this unit, $3 only posted to this cell, $4 only with this role (each
-- null: any), $5 those who have left, too, $6 only with larger numbers, $7 how many at most
select people.id, people.name, people.role, people.unit, units.name as unit_name, active, login,
       held.levels, held.cells, held.roles
from people
join units on units.id = people.unit
cross join lateral (
    select coalesce(array_agg(level order by level, cell, role), '{}') as levels,
           coalesce(array_agg(cell order by level, cell, role), '{}') as cells,
           coalesce(array_agg(role order by level, cell, role), '{}') as roles
    from posts
    where posts.person = people.id
) as held
where ($1::bigint is null or people.id = $1)
  and ($2::bigint is null or people.unit = $2)
  and ($3::text is null or $3 = any (held.cells))
  and ($4::text is null or people.role = $4)
  and (active or $5)
  and people.id > $6
order by people.id
limit $7
