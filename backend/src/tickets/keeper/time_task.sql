-- Gives a task the marks that the published calendar makes.
-- $1 ticket, $2 whistle, $3 number of the task, $4 warn, $5 due, $6 long overdue
update ticket_tasks set warn_at = $4, due_at = $5, long_at = $6, provisional = false
where ticket = $1 and whistle = $2 and number = $3 and provisional
