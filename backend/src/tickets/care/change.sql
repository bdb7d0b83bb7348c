-- Changes a household; no row when somebody changed it first, or the care has ended.
-- $1 household, $2 the change that was seen, $3 kind, $4 longitude, $5 latitude (degrees,
-- CGCS2000), $6 edition, $7 cell, $8 schedule, $9 the next visit
update households
set seq = $2 + 1, kind = $3, place = st_setsrid(st_makepoint($4, $5), 4490), edition = $6,
    cell = $7, schedule = $8, next_on = $9
where id = $1 and seq = $2 and ended_at is null
returning seq
