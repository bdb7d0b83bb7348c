-- Photos of a ticket's own report, of those merged into it, and of its steps, in the order they
-- were sent. What is sensitive and was merged into a ticket that is not stays hidden from whoever
-- need not see it.
-- $1 ticket, $2 sensitive ones, too
select photos.id, photos.report, null::integer as seq, null::text as action, width, height,
       sent_at, distance_m
from tickets
join photos on photos.report = tickets.id
where (tickets.id = $1 or merged_into = $1) and (not sensitive or $2)
union all
select photos.id, null, event.seq, event.action, width, height, sent_at, distance_m
from ticket_photos
join photos on photos.id = ticket_photos.photo
join ticket_events as event on event.ticket = ticket_photos.ticket and event.seq = ticket_photos.seq
where ticket_photos.ticket = $1
order by sent_at, id
