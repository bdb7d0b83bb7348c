-- One report.
-- $1 its number
select id, channel, category, text, happened_at, received_at, st_x(place) as lng,
       st_y(place) as lat, accuracy_m, edition, cell, basis, distance_m, sensitive
from reports
where id = $1
