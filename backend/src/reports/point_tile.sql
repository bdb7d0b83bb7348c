-- A vector tile of single reports, without their texts. What is sensitive is on no map.
-- $1 zoom, $2 column, $3 row
with tile as (
    select st_tileenvelope($1, $2, $3) as box,
           st_transform(st_tileenvelope($1, $2, $3), 4490) as degrees
)
select coalesce(st_asmvt(layer, 'reports', 4096, 'shape'), '') as tile
from (
    select id, category, basis, cell,
           st_asmvtgeom(st_transform(place, 3857), box, 4096, 0, true) as shape
    from tile
    join reports on place && degrees and not sensitive
) as layer
where shape is not null
