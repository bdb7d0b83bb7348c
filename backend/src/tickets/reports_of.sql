-- The numbers of a ticket's own report and of those merged into it, oldest first. What is sensitive
-- and was merged into a ticket that is not stays hidden from whoever need not see it.
-- $1 ticket, $2 sensitive ones, too
select id as report
from tickets
where (id = $1 or merged_into = $1)
  and (not sensitive or $2)
order by id
