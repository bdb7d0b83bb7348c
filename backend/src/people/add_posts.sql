-- Posts people to cells; a post that stands already stays one.
-- $1 people, $2 levels of the cells, $3 codes of the cells, $4 roles there
insert into posts (person, level, cell, role)
select person, level, cell, role
from unnest($1::bigint[], $2::smallint[], $3::text[], $4::text[])
    as given (person, level, cell, role)
on conflict do nothing
