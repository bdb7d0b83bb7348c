-- A vector tile of the problems of an import: as they are drawn, and a point of each.
-- $1 edition, $2 zoom, $3 column, $4 row
with tile as (
    select st_tileenvelope($2, $3, $4) as box,
           st_tileenvelope($2, $3, $4, margin => 64.0 / 4096) as around
), problem as (
    select problem, kind, array_to_string(cells, ', ') as cells, owner, area_m2, width_m, note,
           mercator, st_asmvtgeom(mercator, box, 4096, 64, true) as shape
    from tile
    join problems on mercator && around
    where edition = $1
), point as (
    select problem, kind, cells, owner, area_m2, width_m, note,
           st_asmvtgeom(st_pointonsurface(mercator), box, 4096, 0, false) as shape
    from tile
    join problem on st_pointonsurface(mercator) && box
)
select coalesce((
           select st_asmvt(layer, 'problems', 4096, 'shape')
           from (select problem, kind, cells, owner, area_m2, width_m, note, shape from problem
                 where shape is not null) as layer
       ), '') || coalesce((
           select st_asmvt(layer, 'problem_points', 4096, 'shape')
           from (select problem, kind, cells, owner, area_m2, width_m, note, shape from point
                 where shape is not null) as layer
       ), '') as tile
