-- What reporters thought of a ticket, oldest first.
-- $1 ticket
select seq, stars, text from ticket_ratings where ticket = $1 order by seq
