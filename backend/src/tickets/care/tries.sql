-- The tries to visit a household on dates, in order.
-- $1 household, $2 dates
select due_on, result, people.name, at, note, report
from care_tries
join people on people.id = care_tries.person
where household = $1 and due_on = any ($2)
order by due_on, number
