-- Puts somebody on duty.
-- $1 person, $2 kind, $3 beginnings, $4 ends, $5 who sets it (null: the demo)
insert into duties (person, kind, begins_at, ends_at, set_by)
select $1, $2, begins_at, ends_at, $5
from unnest($3::timestamptz[], $4::timestamptz[]) as given (begins_at, ends_at)
returning id
