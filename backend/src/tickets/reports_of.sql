-- The numbers of a ticket's own report and of those merged into it, oldest first.
-- $1 ticket
select id as report
from tickets
where id = $1 or merged_into = $1
order by id
