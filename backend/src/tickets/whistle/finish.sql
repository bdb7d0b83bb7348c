-- Finishes a task, once.
-- $1 ticket, $2 whistle, $3 event, $4 number of the task, $5 photos
update ticket_tasks set finished_seq = $3, photos = $5
where ticket = $1 and whistle = $2 and number = $4 and finished_seq is null
