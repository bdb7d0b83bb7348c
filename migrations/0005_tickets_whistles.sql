-- Whistles: the units called and whether they came, the meeting with its one lead, the staged
-- tasks. Nothing here exists without the event that made it, and no time stands twice: when
-- something happened, and who did it, is in the event.

-- A whistle bears the number of its event, so that a ticket opened again can be whistled again.
create table ticket_whistles (
    ticket bigint not null,
    seq integer not null,
    state text not null generated always as ('whistled') stored,
    -- The clock of checking in and two of its marks. They stay when the ticket's own clock has
    -- gone on: whether somebody was on time must be told years later.
    clock jsonb not null,
    warn_at timestamptz not null,
    due_at timestamptz not null,
    provisional boolean not null,
    primary key (ticket, seq),
    constraint whistle_has_its_event foreign key (ticket, seq, state)
        references ticket_events (ticket, seq, to_state),
    constraint whistle_warns_before_it_is_due check (warn_at <= due_at)
);

-- Who was called. The unit that blew the whistle is among them, checked in by the whistle's own
-- event: so one key says who may have a share, and a count of punctuality leaves it out.
create table ticket_calls (
    ticket bigint not null,
    whistle integer not null,
    unit bigint not null constraint called_unit_exists references units,
    -- Events; null: not yet. The last reminder counts, the others only happen once.
    reminded_seq integer,
    absent_seq integer,
    checked_in_seq integer,
    -- Whether the meeting made it the lead or a co-handler.
    shares boolean not null default false,
    primary key (ticket, whistle, unit),
    constraint call_is_of_a_whistle foreign key (ticket, whistle) references ticket_whistles,
    constraint reminder_has_its_event foreign key (ticket, reminded_seq) references ticket_events,
    constraint absence_has_its_event foreign key (ticket, absent_seq) references ticket_events,
    constraint check_in_has_its_event foreign key (ticket, checked_in_seq)
        references ticket_events,
    constraint one_event_checks_one_unit_in unique (ticket, checked_in_seq),
    -- What lead and tasks refer to.
    constraint call_and_share unique (ticket, whistle, unit, shares)
);
-- A unit sees the tickets it was called to.
create index ticket_calls_by_unit on ticket_calls (unit, ticket);

-- A whistle has one meeting, and a meeting has exactly one lead: the key and the column that is
-- never null say so. The lead is one of the units called.
create table ticket_meetings (
    ticket bigint not null,
    whistle integer not null,
    seq integer not null,
    state text not null generated always as ('coordinated') stored,
    minutes text not null constraint meeting_has_minutes check (minutes <> ''),
    lead bigint not null,
    lead_shares boolean not null generated always as (true) stored,
    primary key (ticket, whistle),
    constraint meeting_is_of_a_whistle foreign key (ticket, whistle) references ticket_whistles,
    constraint meeting_has_its_event foreign key (ticket, seq, state)
        references ticket_events (ticket, seq, to_state),
    constraint lead_was_called foreign key (ticket, whistle, lead, lead_shares)
        references ticket_calls (ticket, whistle, unit, shares)
);

create table ticket_tasks (
    ticket bigint not null,
    whistle integer not null,
    number smallint not null constraint task_is_counted_from_1 check (number >= 1),
    stage smallint not null constraint stage_is_counted_from_1 check (stage >= 1),
    stage_name text not null constraint stage_has_a_name check (stage_name <> ''),
    unit bigint not null,
    unit_shares boolean not null generated always as (true) stored,
    what text not null constraint task_says_what check (what <> ''),
    -- Its own clock from the meeting, with its marks.
    clock jsonb not null,
    warn_at timestamptz not null,
    due_at timestamptz not null,
    long_at timestamptz not null,
    provisional boolean not null,
    -- The event that finished it, with what was said and shown there.
    finished_seq integer,
    finished_state text generated always as (
        case when finished_seq is not null then 'coordinated' end) stored,
    primary key (ticket, whistle, number),
    constraint task_is_of_a_meeting foreign key (ticket, whistle) references ticket_meetings,
    constraint task_is_for_who_shares foreign key (ticket, whistle, unit, unit_shares)
        references ticket_calls (ticket, whistle, unit, shares),
    constraint task_was_finished foreign key (ticket, finished_seq, finished_state)
        references ticket_events (ticket, seq, to_state),
    constraint one_event_finishes_one_task unique (ticket, finished_seq),
    constraint task_marks_are_in_order check (warn_at <= due_at and due_at <= long_at)
);

-- What the keeper looks for, every few seconds: each index holds only what waits for the clock.
create index tickets_to_evaluate on tickets (due_at) where state = 'closed';
create index tickets_to_resume on tickets (review_at) where state = 'suspended';
create index tickets_to_check_in on tickets (id) where state = 'whistled';
create index tickets_to_time_again on tickets (id) where provisional;
create index ticket_whistles_to_time_again on ticket_whistles (ticket) where provisional;
create index ticket_tasks_to_time_again on ticket_tasks (ticket) where provisional;
