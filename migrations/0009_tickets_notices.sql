-- Notices: what people at work are told of, in the order in which everybody is told.
--
-- A step is first put in line, by the statement that writes it, and gets its number later, from one
-- process at a time, which commits before the next number is given. So whoever has seen a number
-- has seen, or may never see, all that are smaller; numbers given by the steps themselves would be
-- committed in another order than they were drawn in, and a reader would miss some. The marks of
-- clocks, which no statement writes, are numbered by the same process.

-- Steps that nobody was told of yet. Without a key: what moves a ticket pays for one row here and
-- nothing else, and they are soon taken out, many at once.
create table steps_to_tell (
    ticket bigint not null,
    seq integer not null
);

create function queue_step() returns trigger language plpgsql as $$
begin
    insert into steps_to_tell (ticket, seq) values (new.ticket, new.seq);
    return null;
end $$;
-- That a ticket was opened is no notice: the map tells of reports by itself. So intake pays for
-- looking at a number and a word. A care visit that falls due is one: a unit has it at once.
create trigger ticket_events_queue_step after insert on ticket_events
    for each row when (new.seq > 1 or new.action = 'schedule') execute function queue_step();

create sequence notice_numbers;
create table notices (
    number bigint primary key,
    -- The words of domain::tickets::notices::NoticeKind.
    kind text not null constraint notice_kind_is_known check (
        kind in ('came', 'due_soon', 'overdue', 'long_overdue', 'called', 'reminded', 'asked')),
    ticket bigint not null,
    seq integer not null,
    -- The mark of the clock that was passed. A clock that was given more time has another one.
    mark_at timestamptz,
    told_at timestamptz not null,
    constraint notice_is_of_a_step foreign key (ticket, seq) references ticket_events,
    constraint notice_of_the_clock_says_when check (
        (mark_at is not null) = (kind in ('due_soon', 'overdue', 'long_overdue'))),
    -- However often a clock is looked at, and were it set back.
    constraint mark_is_told_once unique (ticket, kind, mark_at)
);

-- Whom a notice is for: not persons, but what persons are, written as
-- domain::tickets::notices::Hearer says. Whether they may see the ticket is asked when they read.
create table notice_hearers (
    hearer text not null,
    number bigint not null constraint hearer_is_of_a_notice references notices on delete cascade,
    primary key (hearer, number)
);
create index notice_hearers_by_number on notice_hearers (number);

-- When clocks were last looked at: the marks since then are told next. One row.
create table notice_looks (
    one boolean primary key default true constraint clocks_are_looked_at_once check (one),
    looked_at timestamptz not null
);
insert into notice_looks (looked_at) values (now());

-- Tickets by the time they begin to be due soon. Reports nobody has touched yet are not among them,
-- so that a report pays nothing: they were opened within the last hours and are found by when they
-- are due.
create index moved_tickets_by_warning on tickets (warn_at)
    where ended_at is null and (seq > 1 or state <> 'reported');
