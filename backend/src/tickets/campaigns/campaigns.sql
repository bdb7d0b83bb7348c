-- Campaigns, newest first.
-- $1 only this one (null: all), $2 only those whose span holds this moment (null: all), $3 before
-- this number, $4 how many at most
select campaigns.id, campaigns.seq, campaigns.name, goal, unit, units.name as unit_name, begins_at,
       ends_at, ended_at, until, categories, cells, cells_3, cells_2, cells_1, targets
from campaigns
join units on units.id = campaigns.unit
where ($1::bigint is null or campaigns.id = $1)
  and ($2::timestamptz is null or (until > $2 and begins_at <= $2))
  and campaigns.id < $3
order by campaigns.id desc
limit $4
