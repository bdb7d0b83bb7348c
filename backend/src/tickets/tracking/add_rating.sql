-- Keeps a rating.
-- $1 report, $2 ticket, $3 the event that closed it, $4 the event of rating, $5 stars, $6 text
insert into ticket_ratings (report, ticket, closed_seq, seq, stars, text)
values ($1, $2, $3, $4, $5, $6)
