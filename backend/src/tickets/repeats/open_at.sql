-- Open tickets of a category around each of these places that this person may see.
-- $1 longitudes and $2 latitudes in degrees, $3 categories, $4 how far in degrees of latitude, $5
-- sees all that is not sensitive, $6 their unit, codes of their cells $7 of level 3, $8 of level 2,
-- $9 of level 1, $10 sees all that is sensitive, $11 the unit whose sensitive ones they see (null:
-- none)
with asked as not materialized (
    select row(null, null, null, null, null, null, null, $5::boolean, $6::bigint, $7::text[],
               $8::text[], $9::text[], $10::boolean, $11::bigint)::ticket_wish as wish
)
select place.number, t.id, st_x(near.place) as lng, st_y(near.place) as lat
from asked, unnest($1::double precision[], $2::double precision[], $3::text[],
                   $4::double precision[])
    with ordinality as place (lng, lat, category, reach, number)
cross join lateral (
    select reports.id, reports.place from reports
    where reports.place && st_expand(
            st_setsrid(st_makepoint(place.lng, place.lat), 4490),
            place.reach / greatest(cos(radians(place.lat)), 0.01), place.reach)
      and reports.category = place.category
    -- A place at a time: the other way round all that is open would be read.
    offset 0) as near
join tickets as t on t.id = near.id
where t.ended_at is null and t.closed_at is null and ticket_fits(t, wish)
order by place.number, t.id
