-- When did the last dispatcher go off duty before a moment, and when does the next come?
-- $1 the moment
select max(ends_at) filter (where ends_at <= $1) as since,
       min(begins_at) filter (where begins_at > $1) as until
from duties
where kind = 'dispatcher'
