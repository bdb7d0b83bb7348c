-- Gives a ticket the marks that the published calendar makes, unless it moved since it was read.
-- $1 ticket, $2 the event that was seen, $3 warn, $4 due, $5 long overdue, $6 when arriving is due
update tickets
set warn_at = $3, due_at = $4, long_at = $5, arrive_due_at = coalesce($6, arrive_due_at),
    provisional = false
where id = $1 and seq = $2 and provisional
