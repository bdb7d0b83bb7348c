-- Makes a campaign.
-- $1 name, $2 goal, $3 unit, $4 begins, $5 ends, $6 categories, $7 cells as named, $8 those of
-- level 3, $9 of level 2, $10 of level 1, $11 targets
insert into campaigns (seq, name, goal, unit, begins_at, ends_at, categories, cells, cells_3,
                       cells_2, cells_1, targets)
values (1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
returning id
