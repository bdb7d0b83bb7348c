-- The unit of this kind and name, added if it is not there yet.
-- $1 name, $2 kind (a UnitKind word)
insert into units (name, kind) values ($1, $2)
on conflict (kind, name) do update set name = excluded.name
returning id
