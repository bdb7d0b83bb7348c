-- Keeps a request.
-- $1 ticket, $2 request, $3 event, $4 who asked
insert into ticket_requests (ticket, request, asked_seq, asked_by) values ($1, $2, $3, $4)
