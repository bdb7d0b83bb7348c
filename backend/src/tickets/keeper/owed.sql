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
    union all
    -- Care visits that nobody made in time go up, level by level.
    select visit.ticket, case missed.level when 3 then 'raise_to_2' else 'raise_to_1' end
    from care_visits as visit
    cross join lateral (
        select level
        from tickets
        where id = visit.ticket and level > 1 and due_at <= $1
          and (state in ('dispatched', 'accepted', 'on_site')
               or (state = 'raised_2' and level = 2))
        -- A visit at a time: the other way round every ticket would be read.
        offset 0) as missed
    where visit.result is null
) as owed
join tickets on tickets.id = owed.id
where owed.id > $2
order by owed.id
limit $3
for update of tickets skip locked
