-- Tickets after the given one whose marks were made without a published calendar.
-- $1 after this ticket, $2 how many at most
select id as ticket, seq, clock, arrive_clock
from tickets
where provisional and id > $1
order by id
limit $2
