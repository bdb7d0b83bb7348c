-- Keeps which events of two tickets are about each other, for both histories.
-- $1 ticket, $2 its event, $3 the other ticket, $4 its event
insert into ticket_merges (ticket, seq, other, other_seq) values ($1, $2, $3, $4), ($3, $4, $1, $2)
