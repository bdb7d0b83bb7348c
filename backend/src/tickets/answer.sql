-- Answers a request.
-- $1 ticket, $2 request, $3 event, $4 granted
update ticket_requests set answered_seq = $3, granted = $4
where ticket = $1 and request = $2 and answered_seq is null
