-- The ticket a report opened, and the one that was merged into, if it was.
-- $1 report
select id as ticket, merged_into from tickets where id = $1
