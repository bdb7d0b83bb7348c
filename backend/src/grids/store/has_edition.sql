-- Is there such an edition?
-- $1 edition
select exists (select from editions where id = $1) as found
