-- Everybody posted to a cell, and the duty desk (level and cell null): who is on duty at this
-- minute, and where the roster names nobody those who sit there by rule.
with on_duty as (
    select person, kind from duties where begins_at <= now() and now() < ends_at
)
select posts.level, posts.cell, posts.role, people.id as person, people.name, units.name as unit
from posts
join people on people.id = posts.person
join units on units.id = people.unit
where people.active
union all
select null, null, people.role, people.id, people.name, units.name
from people
join units on units.id = people.unit
where people.active
  and case when exists (select from on_duty) then people.id in (select person from on_duty)
           else people.duty_desk end
order by person
