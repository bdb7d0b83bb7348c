-- The unit that visits in a cell.
-- $1 cell
select cell_unit($1) as unit
