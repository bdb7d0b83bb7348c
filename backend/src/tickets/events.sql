-- What happened to a ticket, in order.
-- $1 ticket
select seq, from_state, action, to_state, person, people.name, units.name as unit_name, at, note
from ticket_events
join units on units.id = ticket_events.unit
left join people on people.id = ticket_events.person
where ticket = $1
order by seq
