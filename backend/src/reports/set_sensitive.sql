-- Says of reports whether only those who must may see them.
-- $1 reports, $2 whether they are sensitive
update reports set sensitive = $2 where id = any ($1)
