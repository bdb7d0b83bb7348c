-- Whistles (number null) and tasks whose marks were made without a published calendar.
select ticket, seq as whistle, null::smallint as number, clock
from ticket_whistles
where provisional
union all
select ticket, whistle, number, clock
from ticket_tasks
where provisional
order by ticket, whistle, number
