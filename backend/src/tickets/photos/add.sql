-- Keeps that photos came with a step of a ticket.
-- $1 photos, $2 ticket, $3 event
insert into ticket_photos (photo, ticket, seq) select unnest($1::text[]), $2, $3
