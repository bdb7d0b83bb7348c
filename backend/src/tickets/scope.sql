-- The unit a person belongs to and the cells they are posted to.
-- $1 person
select people.unit, coalesce(array_agg(posts.cell) filter (where posts.cell is not null), '{}')
           as cells
from people
left join posts on posts.person = people.id
where people.id = $1
group by people.unit
