-- Publishes an edition; its rows follow in the same transaction.
-- $1 source, $2 cells, $3 blank zones, $4 problems, $5 west, $6 south, $7 east, $8 north,
-- $9 and $10 the zooms from which levels 2 and 3 are drawn
insert into editions (source, cells, blank_zones, problems, west, south, east, north,
                      level_2_from_zoom, level_3_from_zoom)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
returning id
