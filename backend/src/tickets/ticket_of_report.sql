-- The ticket a report belongs to.
-- $1 report
select ticket from ticket_reports where report = $1
