-- Forgets notices told long ago, some at a time.
-- $1 told before, $2 how many at most
delete from notices
where number in (select number from notices order by number limit $2)
  and told_at < $1
