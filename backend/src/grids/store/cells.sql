-- The cells of an edition with what a look-up and a search answer, without their outlines.
-- $1 edition
select level, code, name, parent_level, parent, face, area_m2,
       st_x(label_at) as label_lng, st_y(label_at) as label_lat,
       st_xmin(shape) as west, st_ymin(shape) as south,
       st_xmax(shape) as east, st_ymax(shape) as north
from cells
where edition = $1
order by level, code collate "C"
