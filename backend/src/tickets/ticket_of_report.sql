-- The ticket a report opened.
-- $1 report
select id as ticket from tickets where id = $1
