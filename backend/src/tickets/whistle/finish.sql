-- Finishes a task, once.
-- $1 ticket, $2 whistle, $3 event, $4 number of the task
update ticket_tasks set finished_seq = $3
where ticket = $1 and whistle = $2 and number = $4 and finished_seq is null
