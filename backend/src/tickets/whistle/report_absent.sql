-- Keeps that everybody who has not checked in was reported absent, each once.
-- $1 ticket, $2 whistle, $3 event
update ticket_calls set absent_seq = $3
where ticket = $1 and whistle = $2 and checked_in_seq is null and absent_seq is null
