-- The blank zones of an edition: which face, whose, by which rule.
-- $1 edition
select zone, face, owner, rule
from blank_zones
where edition = $1
order by face
