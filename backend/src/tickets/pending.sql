-- Requests that wait for their answer.
-- $1 ticket
select request, asked_by from ticket_requests where ticket = $1 and answered_seq is null
