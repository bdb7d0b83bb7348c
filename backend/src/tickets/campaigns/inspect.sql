-- Records a place that was looked at; no row when the key is taken.
-- $1 campaign, $2 what, $3 longitude, $4 latitude (degrees, CGCS2000), $5 edition, $6 cell,
-- $7 community, $8 street, $9 who, $10 their unit, $11 now, $12 report, $13 key
insert into campaign_inspections (campaign, what, place, edition, cell, community, street, person,
                                  unit, at, report, key)
values ($1, $2, st_setsrid(st_makepoint($3, $4), 4490), $5, $6, $7, $8, $9, $10, $11, $12, $13)
on conflict (campaign, key) do nothing
returning id
