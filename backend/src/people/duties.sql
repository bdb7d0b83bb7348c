-- The duties that touch a stretch of time, by their beginning, shift leads first.
-- $1 from, $2 until (not included), $3 only these (null: all)
select duties.id, person, people.name, kind, begins_at, ends_at
from duties
join people on people.id = duties.person
where tstzrange(begins_at, ends_at) && tstzrange($1, $2)
  and ($3::bigint[] is null or duties.id = any ($3))
order by begins_at, kind desc, duties.id
