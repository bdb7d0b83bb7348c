-- Takes a household under care; no row when its key is taken.
-- $1 kind, $2 longitude, $3 latitude (degrees, CGCS2000), $4 edition, $5 cell, $6 schedule, $7 the
-- first visit, $8 who adds it, $9 key
insert into households (seq, kind, place, edition, cell, schedule, next_on, added_by, key)
values (1, $1, st_setsrid(st_makepoint($2, $3), 4490), $4, $5, $6, $7, $8, $9)
on conflict (added_by, key) do nothing
returning id
