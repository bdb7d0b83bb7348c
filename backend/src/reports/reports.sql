-- Reports, newest first.
-- $1 only those of these level-3 cells (null: all), $2 only with this basis (null: all),
-- $3 only with smaller numbers than this, $4 how many at most, $5 sensitive ones, too
select id, channel, category, text, happened_at, received_at, st_x(place) as lng,
       st_y(place) as lat, accuracy_m, edition, cell, basis, distance_m, sensitive
from reports
where ($1::text[] is null or cell = any ($1))
  and ($2::text is null or basis = $2)
  and id < $3
  and (not sensitive or $5)
order by id desc
limit $4
