-- The units that the whistles of a ticket called, and whether they came.
-- $1 ticket
select calls.whistle, calls.unit, units.name as unit_name, calls.shares,
       checked_in.at as checked_in_at, people.name as checked_in_by,
       reminded.at as reminded_at, absent.at as absent_at
from ticket_calls as calls
join units on units.id = calls.unit
left join ticket_events as checked_in
    on checked_in.ticket = calls.ticket and checked_in.seq = calls.checked_in_seq
left join people on people.id = checked_in.person
left join ticket_events as reminded
    on reminded.ticket = calls.ticket and reminded.seq = calls.reminded_seq
left join ticket_events as absent
    on absent.ticket = calls.ticket and absent.seq = calls.absent_seq
where calls.ticket = $1
order by calls.whistle, calls.unit
