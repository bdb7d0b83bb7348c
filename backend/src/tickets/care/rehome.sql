-- Gives a household its cell by the edition in force.
-- $1 household, $2 number of the change (as before: the cell is the same), $3 edition, $4 cell
update households set seq = $2, edition = $3, cell = $4 where id = $1
