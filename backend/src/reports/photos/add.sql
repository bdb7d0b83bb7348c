-- Keeps what is known of a photo.
-- $1 number, $2 SHA-256 of the picture, $3 width, $4 height, $5 now, $6 longitude and $7 latitude
-- of where it was taken (degrees; null: not known)
insert into photos (id, object, width, height, sent_at, place)
values ($1, $2, $3, $4, $5, st_setsrid(st_makepoint($6::float8, $7::float8), 4490))
