-- Whether any photo is this picture.
-- $1 SHA-256 of the picture
select exists (select from photos where object = $1) as kept
