-- A vector tile of how many reports there are, gathered on a grid of 8 by 8: a number needs room.
-- What is sensitive is on no map.
-- $1 zoom, $2 column, $3 row
with tile as (
    select st_tileenvelope($1, $2, $3) as box,
           st_transform(st_tileenvelope($1, $2, $3), 4490) as degrees
), gathered as (
    select count(*)::integer as count,
           st_setsrid(st_makepoint(avg(st_x(place)), avg(st_y(place))), 4490) as place
    from tile
    join reports on place && degrees and not sensitive
    group by floor((st_x(place) - st_xmin(degrees)) / (st_xmax(degrees) - st_xmin(degrees)) * 8),
             floor((st_y(place) - st_ymin(degrees)) / (st_ymax(degrees) - st_ymin(degrees)) * 8)
)
select coalesce(st_asmvt(layer, 'report_counts', 4096, 'shape'), '') as tile
from (
    select count, st_asmvtgeom(st_transform(place, 3857), box, 4096, 0, true) as shape
    from tile, gathered
) as layer
where shape is not null
