-- Photos that came with steps of tickets: what was found, what was done. A photo belongs to one
-- report or to one event, so that whoever may see that may see the photo, and nobody else.

create table ticket_photos (
    photo text primary key constraint ticket_photo_exists references photos,
    ticket bigint not null,
    seq integer not null,
    constraint photo_has_its_event foreign key (ticket, seq) references ticket_events
);
create index ticket_photos_by_event on ticket_photos (ticket, seq);
