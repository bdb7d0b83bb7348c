-- Keeps that everybody who has not checked in was reminded.
-- $1 ticket, $2 whistle, $3 event
update ticket_calls set reminded_seq = $3
where ticket = $1 and whistle = $2 and checked_in_seq is null
