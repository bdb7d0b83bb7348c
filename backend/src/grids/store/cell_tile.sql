-- A vector tile of cells of three levels, their labels, and blank zones. A level is left out
-- below its zoom, a blank zone while it is smaller than two pixels across.
-- $1 edition, $2 zoom, $3 column, $4 row
with tile as (
    select st_tileenvelope($2, $3, $4) as box,
           st_tileenvelope($2, $3, $4, margin => 64.0 / 4096) as around,
           edition.level_2_from_zoom, edition.level_3_from_zoom
    from editions as edition
    where id = $1
), cell as (
    select code, name, level, parent, colour, label_at,
           st_asmvtgeom(mercator, box, 4096, 64, true) as shape
    from tile
    join cells on mercator && around
    where edition = $1
      and (level = 1 or (level = 2 and $2 >= level_2_from_zoom)
                     or (level = 3 and $2 >= level_3_from_zoom))
), label as (
    select code, name, level,
           st_asmvtgeom(st_transform(label_at, 3857), box, 4096, 0, false) as shape
    from tile, cell
    where st_transform(label_at, 3857) && box
), zone as (
    select zone, owner, cells.name as owner_name, rule, blank_zones.area_m2, colour,
           st_asmvtgeom(blank_zones.mercator, box, 4096, 64, true) as shape
    from tile
    join blank_zones on blank_zones.mercator && around
    join cells on cells.edition = $1 and cells.level = 3 and cells.code = owner
    where blank_zones.edition = $1
      and (st_xmax(blank_zones.mercator) - st_xmin(blank_zones.mercator))
          + (st_ymax(blank_zones.mercator) - st_ymin(blank_zones.mercator))
          > (st_xmax(box) - st_xmin(box)) / 256
)
select coalesce((
           select st_asmvt(layer, 'cells1', 4096, 'shape')
           from (select code, name, level, parent, colour, shape from cell
                 where level = 1 and shape is not null) as layer
       ), '') || coalesce((
           select st_asmvt(layer, 'cells2', 4096, 'shape')
           from (select code, name, level, parent, colour, shape from cell
                 where level = 2 and shape is not null) as layer
       ), '') || coalesce((
           select st_asmvt(layer, 'cells3', 4096, 'shape')
           from (select code, name, level, parent, colour, shape from cell
                 where level = 3 and shape is not null) as layer
       ), '') || coalesce((
           select st_asmvt(layer, 'blank_zones', 4096, 'shape')
           from (select zone, owner, owner_name, rule, area_m2, colour, shape from zone
                 where shape is not null) as layer
       ), '') || coalesce((
           select st_asmvt(layer, 'labels', 4096, 'shape')
           from (select code, name, level, shape from label where shape is not null) as layer
       ), '') as tile
