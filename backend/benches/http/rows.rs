//! What `pgbench` inserts as intake's rivals: the row of a report alone, and all the rows that a
//! report makes. Each is one statement, which is how PostgreSQL does it fastest.

/// What the reports say.
pub const TEXT: &str = "围墙之间堆放垃圾，气味很大，请尽快派人清理";

/// A report's row as the service stores it, with a new key each time.
const REPORT: &str = "insert into reports (channel, key, category, text, happened_at, datum, \
    place, accuracy_m, edition, cell, basis, distance_m) values ('hotline', \
    'p' || :key::bigint, '0101', '围墙之间堆放垃圾，气味很大，请尽快派人清理', \
    '2026-03-01T08:30:00+08:00', 'wgs84', \
    st_setsrid(st_makepoint(120.6 + :east::float8 / 1e7, 31.25 + :north::float8 / 1e7), 4490), \
    8.0, 2, '000000000000000', 'inside', 100.5)";

/// The ticket that opens with it and that ticket's first event.
const TICKET: &str = "opened as (insert into tickets (id, state, seq, unit, category, sensitive, \
    place, edition, cell, community, street, opened_at, stage, clock, warn_at, due_at, long_at) \
    select id, 'reported', 1, 1, category, false, place, edition, cell, '000000000000', null, \
    now(), 'verify', '{\"start\":\"2026-03-01T00:30:00Z\",\"limit\":\"2wh\",\"extensions\":[],\
    \"pauses\":[]}', now(), now(), now() from report) \
    insert into ticket_events (ticket, seq, from_state, action, to_state, unit, at) \
    select id, 1, 'new', 'open', 'reported', 1, now() from report";

const CHANCE: &str = "\\set key random(1, 9000000000000000)\n\
    \\set east random(0, 5000000)\n\
    \\set north random(0, 5000000)\n";

/// The script that inserts the row of a report.
pub fn of_a_report() -> String {
    format!("{CHANCE}{REPORT};\n")
}

/// The script that inserts every row a report makes.
pub fn of_a_report_and_its_ticket() -> String {
    format!("{CHANCE}with report as ({REPORT} returning *), {TICKET};\n")
}
