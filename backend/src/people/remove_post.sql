-- Takes somebody off a cell.
-- $1 person, $2 level, $3 cell, $4 role
delete from posts where person = $1 and level = $2 and cell = $3 and role = $4
