-- Stores reports that have gathered, in the order given. Of each: its new number and whether it is
-- sensitive, or the number of the earlier report with the same channel and key, or neither when
-- that one was committed after this statement began (then ask again).
-- $1 channels, $2 keys, $3 categories, $4 texts, $5 times, $6 datums, $7 longitudes,
-- $8 latitudes (degrees, CGCS2000), $9 accuracies in metres, $10 editions, $11 cells, $12 bases,
-- $13 distances in metres, $14 when they were taken in (null: now), $15 whether the sender says
-- that they are sensitive
with touchy as materialized (
    select coalesce(array_agg(code), '{}') as codes from categories where sensitive
), given as materialized (
    select nextval('reports_id_seq') as id,
           marked or coalesce(category = any (codes), false) as sensitive, row.*
    from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::text[],
                $7::float8[], $8::float8[], $9::float8[], $10::bigint[], $11::text[], $12::text[],
                $13::float8[], $14::timestamptz[], $15::boolean[])
        with ordinality as row (channel, key, category, text, happened_at, datum, lng, lat,
                                accuracy_m, edition, cell, basis, distance_m, received_at,
                                marked, ordinal)
    cross join touchy
), stored as (
    insert into reports (id, channel, key, category, text, happened_at, datum, place, accuracy_m,
                         edition, cell, basis, distance_m, received_at, sensitive)
    select id, channel, key, category, text, happened_at, datum,
           st_setsrid(st_makepoint(lng, lat), 4490), accuracy_m, edition, cell, basis, distance_m,
           coalesce(received_at, now()), sensitive
    from given
    -- One order for all: two batches with the same keys must not wait for each other in a circle.
    order by channel, key, ordinal
    on conflict (channel, key) do nothing
    returning id
)
select stored.id as stored, given.sensitive,
       case when stored.id is null then (
           select id from reports
           where reports.channel = given.channel and reports.key = given.key
       ) end as earlier
from given
left join stored on stored.id = given.id
order by given.ordinal
