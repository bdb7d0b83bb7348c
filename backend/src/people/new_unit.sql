-- Adds a unit that is not there yet.
-- $1 name, $2 kind (a UnitKind word)
insert into units (name, kind) values ($1, $2) returning id
