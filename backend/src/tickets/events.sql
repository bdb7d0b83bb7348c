-- What happened to a ticket, in order; of a merging, which other ticket it is about.
-- $1 ticket, $2 names sensitive tickets, too; else only if this one is
select events.seq, from_state, action, to_state, person, people.name, units.name as unit_name, at,
       note, other.id as other
from ticket_events as events
join units on units.id = events.unit
left join people on people.id = events.person
left join ticket_merges as merge on merge.ticket = events.ticket and merge.seq = events.seq
left join tickets as other on other.id = merge.other
    and ($2 or not other.sensitive or (select sensitive from tickets where id = $1))
where events.ticket = $1
order by events.seq
