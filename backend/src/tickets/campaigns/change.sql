-- Changes what a campaign is to be; no row when somebody changed it first, or it was ended.
-- $1 campaign, $2 the change that was seen, $3 name, $4 goal, $5 unit, $6 begins, $7 ends,
-- $8 categories, $9 cells as named, $10 those of level 3, $11 of level 2, $12 of level 1,
-- $13 targets
update campaigns
set seq = $2 + 1, name = $3, goal = $4, unit = $5, begins_at = $6, ends_at = $7, categories = $8,
    cells = $9, cells_3 = $10, cells_2 = $11, cells_1 = $12, targets = $13
where id = $1 and seq = $2 and ended_at is null
returning seq
