-- Takes photos that wait for a step of a ticket, and says which.
-- $1 numbers, $2 now, $3 sent after this, $4 longitude and $5 latitude of the ticket (degrees)
update photos
set used_at = $2, place = null,
    distance_m = st_distance(place::geography,
                             st_setsrid(st_makepoint($4, $5), 4490)::geography)
where id = any ($1) and used_at is null and sent_at > $3
returning id
