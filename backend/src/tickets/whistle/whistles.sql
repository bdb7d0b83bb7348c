-- The whistles of a ticket with their meetings, in order.
-- $1 ticket
select ticket_whistles.seq, ticket_whistles.warn_at, ticket_whistles.due_at,
       ticket_whistles.provisional, meetings.seq as met_seq, met.at as met_at, meetings.minutes,
       meetings.lead
from ticket_whistles
left join ticket_meetings as meetings
    on meetings.ticket = ticket_whistles.ticket and meetings.whistle = ticket_whistles.seq
left join ticket_events as met on met.ticket = meetings.ticket and met.seq = meetings.seq
where ticket_whistles.ticket = $1
order by ticket_whistles.seq
