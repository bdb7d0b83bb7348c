-- Stores reports that have gathered and answers as reports/add_reports.sql does, and opens a ticket
-- for each new one under its number, sensitive if the report is; the linkage centre is responsible
-- until it is dispatched. One statement, because every further one would cost each report a round
-- trip; what it has in common with the other file is held to be the same by a test.
-- $1 to $15 as there; $16 codes of the community above the cell, $17 of the district above that
-- (null where there is none), $18 clocks, $19 warn, $20 due, $21 long overdue, $22 provisional,
-- $23 opened at
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
), opening as materialized (
    select given.*, centre.unit, row.*
    from unnest($16::text[], $17::text[], $18::jsonb[], $19::timestamptz[], $20::timestamptz[],
                $21::timestamptz[], $22::boolean[])
        with ordinality as row (community, street, clock, warn_at, due_at, long_at, provisional,
                                place_in_line)
    join given on given.ordinal = row.place_in_line
    join stored on stored.id = given.id
    cross join (select min(id) as unit from units where kind = 'centre') as centre
), opened as (
    insert into tickets (id, state, seq, unit, category, sensitive, place, edition, cell,
                         community, street, opened_at, stage, clock, warn_at, due_at, long_at,
                         provisional)
    select id, 'reported', 1, unit, category, sensitive,
           st_setsrid(st_makepoint(lng, lat), 4490), edition, cell, community, street, $23,
           'verify', clock, warn_at, due_at, long_at, provisional
    from opening
), told as (
    insert into ticket_events (ticket, seq, from_state, action, to_state, unit, at)
    select id, 1, 'new', 'open', 'reported', unit, $23
    from opening
)
select stored.id as stored, given.sensitive,
       case when stored.id is null then (
           select id from reports
           where reports.channel = given.channel and reports.key = given.key
       ) end as earlier
from given
left join stored on stored.id = given.id
order by given.ordinal
