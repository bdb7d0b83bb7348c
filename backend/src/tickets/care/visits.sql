-- The visits to a household, newest first.
-- $1 household, $2 only for this date (null: all), $3 before this date, $4 how many at most
select household, due_on, ticket, result, result_at
from care_visits
where household = $1 and ($2::date is null or due_on = $2) and due_on < $3
order by due_on desc
limit $4
