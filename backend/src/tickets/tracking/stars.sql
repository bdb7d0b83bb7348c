-- The stars a reporter gave since a ticket was last closed.
-- $1 ticket, $2 the event that closed it, $3 report
select stars from ticket_ratings where ticket = $1 and closed_seq = $2 and report = $3
