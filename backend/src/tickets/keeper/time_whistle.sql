-- Gives a whistle the marks that the published calendar makes.
-- $1 ticket, $2 whistle, $3 warn, $4 due
update ticket_whistles set warn_at = $3, due_at = $4, provisional = false
where ticket = $1 and seq = $2 and provisional
