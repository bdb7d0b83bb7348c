-- Whether an action with this key was taken before.
-- $1 ticket, $2 key
select seq from ticket_events where ticket = $1 and key = $2
