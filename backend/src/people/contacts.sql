-- Everybody posted to a cell, and the duty desk (level and cell null), leaders first.
select posts.level, posts.cell, posts.role, people.id as person, people.name, units.name as unit
from posts
join people on people.id = posts.person
join units on units.id = people.unit
union all
select null, null, people.role, people.id, people.name, units.name
from people
join units on units.id = people.unit
where people.duty_desk
order by person
