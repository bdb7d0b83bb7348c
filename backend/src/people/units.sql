-- Units, by kind and name.
-- $1 only of this kind (null: all)
select id, name, kind from units where $1::text is null or kind = $1 order by kind, name, id
