-- The numbers of a ticket's reports and of those merged into it, oldest first.
-- $1 ticket
select report
from ticket_reports
join tickets on tickets.id = ticket_reports.ticket
where tickets.id = $1 or tickets.merged_into = $1
order by report
