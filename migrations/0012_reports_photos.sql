-- Photos: what is known of them. The pictures themselves lie in the object store, not here: a
-- backup of the database stays small, and a picture is read without a connection to it.

create table photos (
    -- 128 random bits. Whoever sends a photo is told the number and names it in a report or a step;
    -- nobody can guess one, so that naming it is proof enough of having sent it.
    id text primary key constraint photo_number_is_long check (id ~ '^[0-9a-f]{32}$'),
    -- SHA-256 of the picture, which is its name in the store. Sent twice, it has two rows here and
    -- lies there once.
    object bytea not null constraint photo_object_is_a_hash check (octet_length(object) = 32),
    width integer not null,
    height integer not null,
    sent_at timestamptz not null,
    -- Where its file said it was taken: only until the report or ticket is known from whose place
    -- the distance is counted.
    place geometry(Point, 4490),
    -- When a report or a step of a ticket named it. Until then it waits, and expires.
    used_at timestamptz,
    -- The report that named it. Whether a step did is said further on, with tickets.
    report bigint constraint photo_report_exists references reports,
    distance_m double precision,
    constraint photo_of_a_report_is_used check (report is null or used_at is not null),
    constraint used_photo_forgets_its_place check (used_at is null or place is null),
    constraint waiting_photo_has_no_distance check (used_at is not null or distance_m is null)
);
create index waiting_photos on photos (sent_at) where used_at is null;
create index photos_by_report on photos (report) where report is not null;
create index photos_by_object on photos (object);
