-- What happened to a household, in order.
-- $1 household
select seq, change, people.name, at, cell, note
from household_events
left join people on people.id = household_events.person
where household = $1
order by seq
