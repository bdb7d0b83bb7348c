-- Cells of a level that meet a box, as GeoJSON features, in code order.
-- $1 edition, $2 west, $3 south, $4 east, $5 north (degrees), $6 how many at most, $7 level
select json_build_object(
    'type', 'Feature',
    'id', code,
    'geometry', st_asgeojson(shape, 7)::json,
    'properties', json_build_object('code', code, 'name', name, 'level', level, 'parent', parent,
                                    'area_m2', round(area_m2::numeric, 1))
)::text as feature
from cells
where edition = $1 and level = $7 and shape && st_makeenvelope($2, $3, $4, $5, 4490)
order by code collate "C"
limit $6
