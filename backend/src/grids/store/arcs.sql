-- The arcs of an edition's partition.
-- $1 edition
select left_face, right_face, st_asbinary(shape, 'NDR') as shape
from arcs
where edition = $1
order by arc
