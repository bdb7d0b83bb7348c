-- Who took the action with this key, if it was taken before.
-- $1 ticket, $2 key
select person from ticket_events where ticket = $1 and key = $2
