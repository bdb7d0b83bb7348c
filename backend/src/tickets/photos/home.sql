-- The picture of a photo, and the report or the ticket it belongs to; none of one that still waits.
-- $1 photo
select object, report, ticket
from photos
left join ticket_photos on photo = id
where id = $1 and (report is not null or ticket is not null)
