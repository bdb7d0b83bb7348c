-- How many photos came with a report?
-- $1 report
select count(*)::integer as photos from photos where report = $1
