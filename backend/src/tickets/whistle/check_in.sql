-- Checks a unit in to a whistle.
-- $1 ticket, $2 whistle, $3 event, $4 unit
update ticket_calls set checked_in_seq = $3
where ticket = $1 and whistle = $2 and unit = $4 and checked_in_seq is null
