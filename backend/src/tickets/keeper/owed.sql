-- What the clock owes: tickets after the given one, by number, with the step that the service
-- takes now. They are locked; those that somebody holds at this moment are left for the next look.
-- $1 now, $2 after this ticket, $3 how many at most
select tickets.id as ticket, owed.action
from (
    select id, 'evaluate' as action from tickets where state = 'closed' and due_at <= $1
    union all
    select id, 'resume' from tickets where state = 'suspended' and review_at <= $1
    union all
    select id, case when due_at <= $1 then 'report_absent' else 'remind' end
    from tickets
    where state = 'whistled' and warn_at <= $1
      and exists (
          select from ticket_calls as calls
          where calls.ticket = tickets.id
            and calls.whistle = (select max(seq) from ticket_whistles where ticket = tickets.id)
            and calls.checked_in_seq is null
            and case when due_at <= $1 then calls.absent_seq is null
                     else calls.reminded_seq is null end)
) as owed
join tickets on tickets.id = owed.id
where owed.id > $2
order by owed.id
limit $3
for update of tickets skip locked
