-- What reporters say by their tracking codes. That they asked or rated is an event like any other;
-- what they thought stands here, because events are kept for ever and words need not be.

create table ticket_ratings (
    -- Whose code it was given by: of a merged ticket every reporter has a rating of their own.
    report bigint not null references reports,
    -- The ticket that was worked on, the event that closed it, and the event of rating.
    ticket bigint not null,
    closed_seq integer not null,
    seq integer not null,
    stars smallint not null constraint stars_are_one_to_five check (stars between 1 and 5),
    text text not null constraint rating_is_short check (char_length(text) <= 500),
    -- Once for each time it was closed: what was reopened and done better may be rated again.
    constraint reporter_rates_once primary key (ticket, closed_seq, report),
    constraint rating_is_of_a_closing foreign key (ticket, closed_seq) references ticket_events,
    constraint rating_has_its_event foreign key (ticket, seq) references ticket_events
);
