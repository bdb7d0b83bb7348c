-- Records that somebody went.
-- $1 household, $2 date, $3 result, $4 who, $5 now, $6 note, $7 report, $8 key
insert into care_tries (household, due_on, number, result, person, at, note, report, key)
select $1, $2, count(*) + 1, $3, $4, $5, $6, $7, $8
from care_tries
where household = $1 and due_on = $2
