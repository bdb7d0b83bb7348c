-- Messages given up on, newest first.
-- $1 only of this webhook (null: all), $2 before this number, $3 how many at most
select id, webhook, ticket, seq, attempts, tried_at, problem, status
from outbox
where next_at is null
  and id < $2
  and ($1::bigint is null or webhook = $1)
order by id desc
limit $3
