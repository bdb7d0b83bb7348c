-- Tickets and their events. The events are the audit trail, the timeline on screen and what
-- assessment counts; a ticket's row only shows its last one.
--
-- The table of rules is domain::tickets::RULES once more, and foreign keys alone enforce it: an
-- event names a rule, follows the event before it from the state that one led to, and the ticket
-- shows an event of its own. What they cannot see, a pointer moved back to an older event, the
-- last trigger refuses. A contract test holds the rows against the program's table.

create table ticket_rules (
    from_state text not null,
    action text not null,
    to_state text not null,
    primary key (from_state, action, to_state),
    constraint rule_leads_to_one_state unique (from_state, action)
);

-- A ticket bears the number of the report that opened it. Merging moves no report, so that one
-- report is its own for good; a table in between would be a further row and two further checks
-- for every report that comes in. Imported history has reports without tickets.
create table tickets (
    id bigint primary key constraint ticket_has_its_report references reports,
    state text not null,
    -- The number of the event it shows, counted from 1.
    seq integer not null,
    -- The level that has it: 3, and 2 or 1 after it was raised.
    level smallint not null default 3
        constraint ticket_level_is_known check (level between 1 and 3),
    -- No clock without an owner: there is a responsible unit at every moment.
    unit bigint not null references units,
    -- The unit and the person that said it was done: they do not inspect it.
    handled_unit bigint references units,
    handled_by bigint references people,
    -- As in the first of its reports; free text like there.
    category text,
    urgent boolean not null default false,
    sensitive boolean not null default false,
    supervised boolean not null default false,
    place geometry(Point, 4490) not null,
    -- The cell that answers for the place, by the edition in force when it was opened, and the
    -- cells above it, so that lists of a subtree read one index.
    edition bigint not null,
    cell_level smallint not null generated always as (3) stored,
    cell text,
    community text,
    street text,
    opened_at timestamptz not null,
    ended_at timestamptz,
    -- When the work was over, and whether a deadline before that was missed. The clock of every
    -- step gives way to the next one, and who was in time must be told years later; an extension
    -- that was granted afterwards excuses nothing.
    closed_at timestamptz,
    late boolean not null default false,
    -- The running deadline: what for, its clock (domain::clocks::Clock: start, limit, extensions,
    -- pauses), and when it warns, is due and is long overdue. The clock carries its own limit: a
    -- changed one applies to what is dispatched later.
    stage text,
    clock jsonb,
    warn_at timestamptz,
    due_at timestamptz,
    long_at timestamptz,
    -- Made without a published calendar for all of its days: to be made again when it is out.
    provisional boolean not null default false,
    -- When a suspended ticket is looked at again.
    review_at timestamptz,
    -- Beside the running deadline: the clock of arriving on site, which starts with a unit's turn,
    -- when it is due, and when somebody was there.
    arrive_clock jsonb,
    arrive_due_at timestamptz,
    arrived_at timestamptz,
    -- When something is owed next: lists that show what is due first go by it.
    next_at timestamptz generated always as (coalesce(due_at, review_at)) stored,
    merged_into bigint references tickets,
    -- The cell belongs to the edition, so that this one check holds both.
    constraint ticket_cell_exists foreign key (edition, cell_level, cell) references cells,
    constraint ticket_has_a_cell check (cell is not null or edition = 1),
    constraint ticket_runs check (
        state in ('not_filed', 'evaluated', 'merged', 'void')
        or (stage is not null and clock is not null
            and case state
                when 'suspended' then review_at is not null
                else review_at is null and due_at is not null and warn_at <= due_at
                     and due_at <= long_at
            end)),
    constraint ticket_ends_once check (
        (ended_at is not null) = (state in ('not_filed', 'evaluated', 'merged', 'void'))),
    constraint ticket_says_when_it_was_closed check (
        (closed_at is not null) = (state in ('closed', 'evaluated'))),
    constraint merged_ticket_says_into_which check (
        (state = 'merged') = (merged_into is not null) and merged_into <> id)
);

create table ticket_events (
    ticket bigint not null references tickets,
    seq integer not null constraint event_is_counted_from_1 check (seq >= 1),
    prev_seq integer generated always as (nullif(seq - 1, 0)) stored,
    from_state text not null,
    action text not null,
    to_state text not null,
    -- Null: the reporter or the service itself.
    person bigint references people,
    -- The responsible unit from then on.
    unit bigint not null references units,
    at timestamptz not null,
    -- What was said, and what belongs to the action (a limit, a request, tasks, photos).
    note text not null default '' constraint note_is_short check (char_length(note) <= 4000),
    detail jsonb,
    -- The sender's own key: the same action sent twice acts once.
    key text,
    primary key (ticket, seq),
    constraint event_leads_somewhere unique (ticket, seq, to_state),
    constraint event_follows_a_rule foreign key (from_state, action, to_state)
        references ticket_rules,
    constraint event_follows_the_one_before foreign key (ticket, prev_seq, from_state)
        references ticket_events (ticket, seq, to_state),
    constraint first_event_opens check ((seq = 1) = (from_state = 'new'))
);

-- Most events have no key, and then no entry here.
create unique index event_key_is_taken on ticket_events (ticket, key) where key is not null;

alter table tickets add constraint ticket_shows_its_event
    foreign key (id, seq, state) references ticket_events (ticket, seq, to_state)
    deferrable initially deferred;

-- What was asked for and who answered.
create table ticket_requests (
    ticket bigint not null references tickets,
    request text not null,
    asked_seq integer not null,
    asked_by bigint references people,
    answered_seq integer,
    granted boolean,
    primary key (ticket, asked_seq),
    constraint request_was_asked foreign key (ticket, asked_seq) references ticket_events,
    constraint request_was_answered foreign key (ticket, answered_seq) references ticket_events,
    constraint request_answer_is_whole check ((answered_seq is null) = (granted is null))
);
create unique index one_request_of_a_kind_waits on ticket_requests (ticket, request)
    where answered_seq is null;

-- Lists read one of these in order. One ticket in a hundred is live: what narrows live ones is
-- small and stays in memory, which matters because every report that comes in pays for it. What
-- narrows ended ones is paid for once, when a ticket ends; the newest of all come by the number.
create index live_tickets_by_due on tickets (next_at, id) where ended_at is null;
create index live_tickets_by_state on tickets (state, id desc) where ended_at is null;
create index live_tickets_by_cell on tickets (cell) where ended_at is null;
create index live_tickets_by_community on tickets (community) where ended_at is null;
create index live_tickets_by_category on tickets (category) where ended_at is null;
create index live_tickets_by_unit on tickets (unit) where ended_at is null;
create index live_tickets_by_handler on tickets (handled_unit)
    where ended_at is null and handled_unit is not null;
create index ended_tickets_by_cell on tickets (cell, id desc) where ended_at is not null;
create index ended_tickets_by_community on tickets (community, id desc) where ended_at is not null;
create index ended_tickets_by_category on tickets (category, id desc) where ended_at is not null;
create index ended_tickets_by_unit on tickets (unit, id desc) where ended_at is not null;
create index ended_tickets_by_handler on tickets (handled_unit, id desc)
    where ended_at is not null and handled_unit is not null;
-- Nearly all that ended was evaluated: those are found by the number.
create index ended_tickets_by_state on tickets (state, id desc)
    where ended_at is not null and state <> 'evaluated';
create index ended_tickets_by_category_and_state on tickets (category, state, id desc)
    where ended_at is not null and state <> 'evaluated';
create index tickets_by_target on tickets (merged_into) where merged_into is not null;
-- What was closed lately is looked through for places that are reported again and again.
create index closed_tickets_by_time on tickets (closed_at) where closed_at is not null;
-- What is near a place is found by reports_by_place, under the same numbers.

-- What somebody asks of a list, and what they may see.
create type ticket_wish as (
    -- Each null: any. The community and the street are those above the cell when it was opened.
    state text,
    cell text,
    community text,
    street text,
    category text,
    unit bigint,
    due_before timestamptz,
    -- domain::people::Scope.
    sees_all boolean,
    own_unit bigint,
    own_cells text[],
    own_communities text[],
    own_streets text[],
    sees_sensitive boolean,
    sensitive_of bigint
);

-- Whether a ticket is among them. One expression, which PostgreSQL puts into the statement that
-- asks; within `coalesce`, so that the planner neither guesses how many would be left nor takes
-- another way than the statement says.
create function ticket_fits(t tickets, w ticket_wish) returns boolean language sql stable as $$
    select coalesce(
        coalesce(t.state = w.state, true)
        and coalesce(t.cell = w.cell, true)
        and coalesce(t.community = w.community, true)
        and coalesce(t.street = w.street, true)
        and coalesce(t.category = w.category, true)
        and coalesce(t.unit = w.unit, true)
        and coalesce(t.due_at < w.due_before, w.due_before is null)
        and (w.sees_all or t.unit = w.own_unit or t.handled_unit = w.own_unit
             or t.cell = any(w.own_cells) or t.community = any(w.own_communities)
             or t.street = any(w.own_streets))
        and (not t.sensitive or w.sees_sensitive or t.unit = w.sensitive_of
             or t.handled_unit = w.sensitive_of),
        false)
$$;

create function refuse_change_of_event() returns trigger language plpgsql as $$
begin
    raise exception 'what happened to a ticket is never rewritten: add an event'
        using errcode = 'restrict_violation';
end $$;
create trigger ticket_events_never_change before update or delete on ticket_events
    for each statement execute function refuse_change_of_event();

create function ticket_goes_forward() returns trigger language plpgsql as $$
begin
    if new.seq < old.seq or (new.seq = old.seq and new.state <> old.state) then
        raise exception 'a ticket shows its last event'
            using errcode = 'restrict_violation', constraint = 'ticket_goes_forward';
    end if;
    return new;
end $$;
create trigger tickets_go_forward before update of seq, state on tickets
    for each row execute function ticket_goes_forward();

insert into ticket_rules (from_state, action, to_state) values
    ('accepted', 'arrive', 'on_site'),
    ('accepted', 'ask_extension', 'accepted'),
    ('accepted', 'ask_return', 'returned'),
    ('accepted', 'ask_supervision', 'accepted'),
    ('accepted', 'ask_suspension', 'accepted'),
    ('accepted', 'ask_void', 'accepted'),
    ('accepted', 'conceal', 'accepted'),
    ('accepted', 'deny_extension', 'accepted'),
    ('accepted', 'deny_supervision', 'accepted'),
    ('accepted', 'deny_suspension', 'accepted'),
    ('accepted', 'deny_void', 'accepted'),
    ('accepted', 'disclose', 'accepted'),
    ('accepted', 'feed_back', 'done'),
    ('accepted', 'grant_extension', 'accepted'),
    ('accepted', 'grant_supervision', 'accepted'),
    ('accepted', 'grant_suspension', 'suspended'),
    ('accepted', 'grant_void', 'void'),
    ('accepted', 'join', 'accepted'),
    ('accepted', 'note', 'accepted'),
    ('accepted', 'raise_to_1', 'raised_1'),
    ('accepted', 'raise_to_2', 'raised_2'),
    ('accepted', 'release', 'accepted'),
    ('accepted', 'visit', 'closed'),
    ('closed', 'ask_reopen', 'closed'),
    ('closed', 'conceal', 'closed'),
    ('closed', 'deny_reopen', 'closed'),
    ('closed', 'disclose', 'closed'),
    ('closed', 'evaluate', 'evaluated'),
    ('closed', 'grant_reopen', 'filed'),
    ('closed', 'note', 'closed'),
    ('closed', 'rate', 'closed'),
    ('closed', 'release', 'closed'),
    ('coordinated', 'ask_extension', 'coordinated'),
    ('coordinated', 'ask_supervision', 'coordinated'),
    ('coordinated', 'conceal', 'coordinated'),
    ('coordinated', 'deny_extension', 'coordinated'),
    ('coordinated', 'deny_supervision', 'coordinated'),
    ('coordinated', 'disclose', 'coordinated'),
    ('coordinated', 'feed_back', 'done'),
    ('coordinated', 'finish_task', 'coordinated'),
    ('coordinated', 'grant_extension', 'coordinated'),
    ('coordinated', 'grant_supervision', 'coordinated'),
    ('coordinated', 'join', 'coordinated'),
    ('coordinated', 'note', 'coordinated'),
    ('coordinated', 'release', 'coordinated'),
    ('dispatched', 'accept', 'accepted'),
    ('dispatched', 'ask_extension', 'dispatched'),
    ('dispatched', 'ask_return', 'returned'),
    ('dispatched', 'ask_supervision', 'dispatched'),
    ('dispatched', 'ask_void', 'dispatched'),
    ('dispatched', 'conceal', 'dispatched'),
    ('dispatched', 'deny_extension', 'dispatched'),
    ('dispatched', 'deny_supervision', 'dispatched'),
    ('dispatched', 'deny_void', 'dispatched'),
    ('dispatched', 'disclose', 'dispatched'),
    ('dispatched', 'grant_extension', 'dispatched'),
    ('dispatched', 'grant_supervision', 'dispatched'),
    ('dispatched', 'grant_void', 'void'),
    ('dispatched', 'join', 'dispatched'),
    ('dispatched', 'note', 'dispatched'),
    ('dispatched', 'raise_to_1', 'raised_1'),
    ('dispatched', 'raise_to_2', 'raised_2'),
    ('dispatched', 'recall', 'returned'),
    ('dispatched', 'release', 'dispatched'),
    ('dispatched', 'visit', 'closed'),
    ('done', 'ask_supervision', 'done'),
    ('done', 'conceal', 'done'),
    ('done', 'confirm', 'inspected'),
    ('done', 'deny_supervision', 'done'),
    ('done', 'disclose', 'done'),
    ('done', 'grant_supervision', 'done'),
    ('done', 'join', 'done'),
    ('done', 'note', 'done'),
    ('done', 'release', 'done'),
    ('done', 'send_back', 'rework'),
    ('evaluated', 'ask_reopen', 'evaluated'),
    ('evaluated', 'conceal', 'evaluated'),
    ('evaluated', 'deny_reopen', 'evaluated'),
    ('evaluated', 'disclose', 'evaluated'),
    ('evaluated', 'grant_reopen', 'filed'),
    ('evaluated', 'release', 'evaluated'),
    ('filed', 'ask_supervision', 'filed'),
    ('filed', 'ask_void', 'filed'),
    ('filed', 'conceal', 'filed'),
    ('filed', 'deny_supervision', 'filed'),
    ('filed', 'deny_void', 'filed'),
    ('filed', 'disclose', 'filed'),
    ('filed', 'dispatch', 'dispatched'),
    ('filed', 'grant_supervision', 'filed'),
    ('filed', 'grant_void', 'void'),
    ('filed', 'join', 'filed'),
    ('filed', 'merge', 'merged'),
    ('filed', 'note', 'filed'),
    ('filed', 'pass', 'passed'),
    ('filed', 'release', 'filed'),
    ('inspected', 'close', 'closed'),
    ('inspected', 'conceal', 'inspected'),
    ('inspected', 'disclose', 'inspected'),
    ('inspected', 'join', 'inspected'),
    ('inspected', 'note', 'inspected'),
    ('inspected', 'release', 'inspected'),
    ('inspected', 'send_back', 'rework'),
    ('looking', 'conceal', 'looking'),
    ('looking', 'describe', 'reported'),
    ('looking', 'disclose', 'looking'),
    ('looking', 'join', 'looking'),
    ('looking', 'note', 'looking'),
    ('looking', 'release', 'looking'),
    ('looking', 'settle_on_spot', 'closed'),
    ('merged', 'conceal', 'merged'),
    ('merged', 'disclose', 'merged'),
    ('merged', 'unmerge', 'reported'),
    ('new', 'open', 'reported'),
    ('new', 'schedule', 'dispatched'),
    ('not_filed', 'ask_reopen', 'not_filed'),
    ('not_filed', 'conceal', 'not_filed'),
    ('not_filed', 'deny_reopen', 'not_filed'),
    ('not_filed', 'disclose', 'not_filed'),
    ('not_filed', 'grant_reopen', 'reported'),
    ('not_filed', 'release', 'not_filed'),
    ('on_site', 'ask_extension', 'on_site'),
    ('on_site', 'ask_return', 'returned'),
    ('on_site', 'ask_supervision', 'on_site'),
    ('on_site', 'ask_suspension', 'on_site'),
    ('on_site', 'ask_void', 'on_site'),
    ('on_site', 'conceal', 'on_site'),
    ('on_site', 'deny_extension', 'on_site'),
    ('on_site', 'deny_supervision', 'on_site'),
    ('on_site', 'deny_suspension', 'on_site'),
    ('on_site', 'deny_void', 'on_site'),
    ('on_site', 'disclose', 'on_site'),
    ('on_site', 'feed_back', 'done'),
    ('on_site', 'grant_extension', 'on_site'),
    ('on_site', 'grant_supervision', 'on_site'),
    ('on_site', 'grant_suspension', 'suspended'),
    ('on_site', 'grant_void', 'void'),
    ('on_site', 'join', 'on_site'),
    ('on_site', 'note', 'on_site'),
    ('on_site', 'raise_to_1', 'raised_1'),
    ('on_site', 'raise_to_2', 'raised_2'),
    ('on_site', 'release', 'on_site'),
    ('on_site', 'visit', 'closed'),
    ('passed', 'ask_return', 'returned'),
    ('passed', 'ask_supervision', 'passed'),
    ('passed', 'ask_void', 'passed'),
    ('passed', 'conceal', 'passed'),
    ('passed', 'deny_supervision', 'passed'),
    ('passed', 'deny_void', 'passed'),
    ('passed', 'disclose', 'passed'),
    ('passed', 'dispatch', 'dispatched'),
    ('passed', 'grant_supervision', 'passed'),
    ('passed', 'grant_void', 'void'),
    ('passed', 'join', 'passed'),
    ('passed', 'note', 'passed'),
    ('passed', 'recall', 'returned'),
    ('passed', 'release', 'passed'),
    ('raised_1', 'accept', 'accepted'),
    ('raised_1', 'arrive', 'raised_1'),
    ('raised_1', 'ask_extension', 'raised_1'),
    ('raised_1', 'ask_supervision', 'raised_1'),
    ('raised_1', 'ask_void', 'raised_1'),
    ('raised_1', 'conceal', 'raised_1'),
    ('raised_1', 'deny_extension', 'raised_1'),
    ('raised_1', 'deny_supervision', 'raised_1'),
    ('raised_1', 'deny_void', 'raised_1'),
    ('raised_1', 'disclose', 'raised_1'),
    ('raised_1', 'dispatch', 'dispatched'),
    ('raised_1', 'grant_extension', 'raised_1'),
    ('raised_1', 'grant_supervision', 'raised_1'),
    ('raised_1', 'grant_void', 'void'),
    ('raised_1', 'join', 'raised_1'),
    ('raised_1', 'note', 'raised_1'),
    ('raised_1', 'release', 'raised_1'),
    ('raised_1', 'visit', 'closed'),
    ('raised_1', 'whistle', 'whistled'),
    ('raised_2', 'accept', 'accepted'),
    ('raised_2', 'arrive', 'raised_2'),
    ('raised_2', 'ask_extension', 'raised_2'),
    ('raised_2', 'ask_supervision', 'raised_2'),
    ('raised_2', 'ask_void', 'raised_2'),
    ('raised_2', 'conceal', 'raised_2'),
    ('raised_2', 'deny_extension', 'raised_2'),
    ('raised_2', 'deny_supervision', 'raised_2'),
    ('raised_2', 'deny_void', 'raised_2'),
    ('raised_2', 'disclose', 'raised_2'),
    ('raised_2', 'dispatch', 'dispatched'),
    ('raised_2', 'grant_extension', 'raised_2'),
    ('raised_2', 'grant_supervision', 'raised_2'),
    ('raised_2', 'grant_void', 'void'),
    ('raised_2', 'join', 'raised_2'),
    ('raised_2', 'note', 'raised_2'),
    ('raised_2', 'raise_to_1', 'raised_1'),
    ('raised_2', 'release', 'raised_2'),
    ('raised_2', 'visit', 'closed'),
    ('raised_2', 'whistle', 'whistled'),
    ('reported', 'ask_void', 'reported'),
    ('reported', 'conceal', 'reported'),
    ('reported', 'deny_void', 'reported'),
    ('reported', 'disclose', 'reported'),
    ('reported', 'file', 'filed'),
    ('reported', 'grant_void', 'void'),
    ('reported', 'join', 'reported'),
    ('reported', 'look', 'looking'),
    ('reported', 'merge', 'merged'),
    ('reported', 'note', 'reported'),
    ('reported', 'refuse', 'not_filed'),
    ('reported', 'release', 'reported'),
    ('reported', 'settle_on_spot', 'closed'),
    ('returned', 'ask_supervision', 'returned'),
    ('returned', 'ask_void', 'returned'),
    ('returned', 'conceal', 'returned'),
    ('returned', 'deny_return', 'dispatched'),
    ('returned', 'deny_supervision', 'returned'),
    ('returned', 'deny_void', 'returned'),
    ('returned', 'disclose', 'returned'),
    ('returned', 'dispatch', 'dispatched'),
    ('returned', 'grant_supervision', 'returned'),
    ('returned', 'grant_void', 'void'),
    ('returned', 'join', 'returned'),
    ('returned', 'merge', 'merged'),
    ('returned', 'note', 'returned'),
    ('returned', 'pass', 'passed'),
    ('returned', 'release', 'returned'),
    ('returned', 'visit', 'closed'),
    ('rework', 'ask_extension', 'rework'),
    ('rework', 'ask_supervision', 'rework'),
    ('rework', 'conceal', 'rework'),
    ('rework', 'deny_extension', 'rework'),
    ('rework', 'deny_supervision', 'rework'),
    ('rework', 'disclose', 'rework'),
    ('rework', 'feed_back', 'done'),
    ('rework', 'grant_extension', 'rework'),
    ('rework', 'grant_supervision', 'rework'),
    ('rework', 'join', 'rework'),
    ('rework', 'note', 'rework'),
    ('rework', 'raise_to_1', 'raised_1'),
    ('rework', 'raise_to_2', 'raised_2'),
    ('rework', 'release', 'rework'),
    ('suspended', 'ask_void', 'suspended'),
    ('suspended', 'conceal', 'suspended'),
    ('suspended', 'deny_void', 'suspended'),
    ('suspended', 'disclose', 'suspended'),
    ('suspended', 'grant_void', 'void'),
    ('suspended', 'join', 'suspended'),
    ('suspended', 'note', 'suspended'),
    ('suspended', 'release', 'suspended'),
    ('suspended', 'resume', 'accepted'),
    ('void', 'conceal', 'void'),
    ('void', 'disclose', 'void'),
    ('void', 'release', 'void'),
    ('whistled', 'ask_supervision', 'whistled'),
    ('whistled', 'check_in', 'whistled'),
    ('whistled', 'conceal', 'whistled'),
    ('whistled', 'deny_supervision', 'whistled'),
    ('whistled', 'disclose', 'whistled'),
    ('whistled', 'grant_supervision', 'whistled'),
    ('whistled', 'join', 'whistled'),
    ('whistled', 'meet', 'coordinated'),
    ('whistled', 'note', 'whistled'),
    ('whistled', 'release', 'whistled'),
    ('whistled', 'remind', 'whistled'),
    ('whistled', 'report_absent', 'whistled');
