-- Problems that meet a box, as GeoJSON features, by number; those without a place come too.
-- $1 edition, $2 west, $3 south, $4 east, $5 north (degrees), $6 how many at most
select json_build_object(
    'type', 'Feature',
    'id', problem,
    'geometry', st_asgeojson(shape, 7)::json,
    'properties', json_build_object('problem', problem, 'kind', kind, 'cells', cells,
                                    'area_m2', round(area_m2::numeric, 2),
                                    'width_m', round(width_m::numeric, 3),
                                    'owner', owner, 'rule', rule, 'note', note)
)::text as feature
from problems
where edition = $1 and (shape is null or shape && st_makeenvelope($2, $3, $4, $5, 4490))
order by problem
limit $6
