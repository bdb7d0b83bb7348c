-- Every published edition, newest first.
select id, published_at, source, cells, blank_zones, problems, west, south, east, north,
       level_2_from_zoom, level_3_from_zoom
from editions
order by id desc
