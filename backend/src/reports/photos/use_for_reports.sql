-- Gives photos that wait to the reports that named them. Whoever is first has them.
-- $1 numbers, $2 for each the report, $3 now
update photos
set used_at = $3, report = given.report, place = null,
    distance_m = st_distance(photos.place::geography, reports.place::geography)
from unnest($1::text[], $2::bigint[]) as given (photo, report)
join reports on reports.id = given.report
where photos.id = given.photo and used_at is null
