-- The tasks that the meetings of a ticket gave, in order.
-- $1 ticket
select tasks.whistle, tasks.number, tasks.stage, tasks.stage_name, tasks.unit,
       units.name as unit_name, tasks.what, tasks.clock, tasks.warn_at, tasks.due_at,
       tasks.long_at, tasks.provisional, tasks.finished_seq, finished.at as finished_at,
       people.name as finished_by, finished.note,
       array(select photo from ticket_photos as shown
             where shown.ticket = tasks.ticket and shown.seq = tasks.finished_seq
             order by photo) as photos
from ticket_tasks as tasks
join units on units.id = tasks.unit
left join ticket_events as finished
    on finished.ticket = tasks.ticket and finished.seq = tasks.finished_seq
left join people on people.id = finished.person
where tasks.ticket = $1
order by tasks.whistle, tasks.number
