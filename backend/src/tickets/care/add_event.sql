-- Records what happened to a household.
-- $1 household, $2 number, $3 change, $4 who (null: the service), $5 now, $6 cell, $7 note
insert into household_events (household, seq, change, person, at, cell, note)
values ($1, $2, $3, $4, $5, $6, $7)
