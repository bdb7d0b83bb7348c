-- Blank zones that meet a box, as GeoJSON features, by number.
-- $1 edition, $2 west, $3 south, $4 east, $5 north (degrees), $6 how many at most
select json_build_object(
    'type', 'Feature',
    'id', zone,
    'geometry', st_asgeojson(blank_zones.shape, 7)::json,
    'properties', json_build_object('zone', zone, 'owner', owner, 'owner_name', cells.name,
                                    'rule', rule,
                                    'area_m2', round(blank_zones.area_m2::numeric, 1))
)::text as feature
from blank_zones
join cells on cells.edition = blank_zones.edition
    and cells.level = blank_zones.owner_level and cells.code = blank_zones.owner
where blank_zones.edition = $1 and blank_zones.shape && st_makeenvelope($2, $3, $4, $5, 4490)
order by zone
limit $6
