//! Lists of tickets: whatever is asked and whoever asks, an index leads there, in both ways that
//! PostgreSQL plans, and no list reads the whole table.

use crate::sql::{plan, seed, statements};
use support::Database;
use tokio_postgres::Client;

/// A list, and the index that must lead to it.
struct List {
    name: &'static str,
    way: &'static str,
    /// State, level-3 cell, community, street, category, unit, due before.
    wish: &'static str,
    scope: &'static str,
    index: &'static str,
}

/// Everything; their unit; codes of cells of levels 3, 2 and 1; everything sensitive, or of whom.
const DESK: &str = "true, 1, '{}', '{}', '{}', true, null";
const LEADER: &str = "false, 7, '{c77}', '{p7}', '{}', false, 7";
const STREET: &str = "false, 7, '{}', '{}', '{s1}', false, 7";

const fn newest(
    way: &'static str,
    wish: &'static str,
    scope: &'static str,
    index: &'static str,
) -> List {
    List { name: "newest.sql", way, wish, scope, index }
}

const fn due(
    way: &'static str,
    wish: &'static str,
    scope: &'static str,
    index: &'static str,
) -> List {
    List { name: "due.sql", way, wish, scope, index }
}

const ANY: &str = "null, null, null, null, null, null, null";
const VOID: &str = "'void', null, null, null, null, null, null";
const FILED: &str = "'filed', null, null, null, null, null, null";
const CELL: &str = "null, 'c77', null, null, null, null, null";
const COMMUNITY: &str = "null, null, 'p7', null, null, null, null";
const CATEGORY: &str = "null, null, null, 's1', '1101', null, null";
const RARE: &str = "'void', null, null, null, '1101', null, null";
const UNIT: &str = "null, null, null, null, null, 7, null";
const OVERDUE: &str = "null, null, null, null, null, null, '2026-03-01T08:30:00Z'";

const LISTS: [List; 27] = [
    newest("all", ANY, DESK, "tickets_pkey"),
    newest("all", ANY, STREET, "tickets_pkey"),
    newest("cell", CELL, DESK, "live_tickets_by_cell"),
    newest("cell", CELL, LEADER, "ended_tickets_by_cell"),
    newest("community", COMMUNITY, DESK, "live_tickets_by_community"),
    newest("community", COMMUNITY, DESK, "ended_tickets_by_community"),
    newest("category", CATEGORY, DESK, "live_tickets_by_category"),
    newest("category", CATEGORY, STREET, "ended_tickets_by_category"),
    newest("unit", UNIT, DESK, "live_tickets_by_unit"),
    newest("unit", UNIT, LEADER, "ended_tickets_by_unit"),
    newest("category_and_state", RARE, STREET, "ended_tickets_by_category_and_state"),
    newest("state", FILED, DESK, "live_tickets_by_state"),
    newest("state", VOID, DESK, "ended_tickets_by_state"),
    newest("overdue", OVERDUE, STREET, "live_tickets_by_due"),
    newest("own", ANY, LEADER, "live_tickets_by_handler"),
    newest("own", ANY, LEADER, "ended_tickets_by_handler"),
    newest("own", ANY, LEADER, "ended_tickets_by_unit"),
    newest("own", ANY, LEADER, "ended_tickets_by_cell"),
    newest("own", ANY, LEADER, "ended_tickets_by_community"),
    newest("own", ANY, LEADER, "ticket_calls_by_unit"),
    due("all", ANY, DESK, "live_tickets_by_due"),
    due("all", OVERDUE, STREET, "live_tickets_by_due"),
    due("cell", CELL, LEADER, "live_tickets_by_cell"),
    due("community", COMMUNITY, DESK, "live_tickets_by_community"),
    due("category", CATEGORY, STREET, "live_tickets_by_category"),
    due("unit", UNIT, DESK, "live_tickets_by_unit"),
    due("own", ANY, LEADER, "live_tickets_by_handler"),
];

#[tokio::test]
async fn a_list_of_tickets_uses_its_index_whatever_is_asked_and_whoever_asks() {
    let database = Database::migrated().await;
    let client = database.client().await;
    seed(&client).await;
    seed_tickets(&client).await;
    let statements = statements();
    for mode in ["force_custom_plan", "force_generic_plan"] {
        client.batch_execute(&format!("set plan_cache_mode = {mode}")).await.expect("a setting");
        for List { name, way, wish, scope, index } in LISTS {
            let found = statements.iter().find(|(path, _)| path.ends_with(&format!("/{name}")));
            let (path, text) = found.unwrap_or_else(|| panic!("there is no {name}"));
            let values = match name {
                "newest.sql" => format!("'{way}', true, true, {wish}, {scope}, 1000000, 50"),
                _ => format!("'{way}', {wish}, {scope}, '2020-01-01T00:00:00Z', 0, 50"),
            };
            let plan = plan(&client, text, &values).await;
            let uses = plan.contains(index);
            assert!(uses, "{path} {way} ({mode}) does not use {index}:\n{plan}");
            let whole = plan.contains("Seq Scan on tickets");
            assert!(!whole, "{path} {way} ({mode}) reads the whole table:\n{plan}");
        }
    }
    database.drop().await;
}

#[tokio::test]
async fn notices_are_found_by_what_somebody_is_and_passed_marks_by_when_they_are() {
    let database = Database::migrated().await;
    let client = database.client().await;
    seed(&client).await;
    seed_tickets(&client).await;
    let statements = statements();
    let own = format!("array['unit 7', 'cell 3 c7', 'role leader'], 500, 50, {LEADER}");
    let day = "'2026-03-02T08:30:00Z', '2026-03-02T08:31:00Z', '2026-03-02T12:00:00Z', 500";
    for mode in ["force_custom_plan", "force_generic_plan"] {
        client.batch_execute(&format!("set plan_cache_mode = {mode}")).await.expect("a setting");
        for (path, values, indexes) in [
            ("notices/since.sql", own.as_str(), &["notice_hearers_pkey", "notices_pkey"][..]),
            ("notices/before.sql", &own, &["notice_hearers_pkey", "notices_pkey"]),
            ("notices/marks.sql", day, &["moved_tickets_by_warning", "live_tickets_by_due"]),
        ] {
            let found = statements.iter().find(|statement| statement.0.ends_with(path));
            let plan = plan(&client, &found.expect("a statement").1, values).await;
            for index in indexes {
                assert!(plan.contains(index), "{path} ({mode}) does not use {index}:\n{plan}");
            }
            for whole in ["Seq Scan on tickets", "Seq Scan on notice"] {
                assert!(!plan.contains(whole), "{path} ({mode}) has a {whole}:\n{plan}");
            }
        }
    }
    database.drop().await;
}

/// A ticket for every report, one in a hundred of them live.
pub async fn seed_tickets(client: &Client) {
    let tickets = "
        set session_replication_role = replica;
        insert into units (name, kind) select 'team ' || n, 'grid_team'
        from generate_series(1, 100) as n;
        insert into tickets (id, state, seq, unit, handled_unit, category, place, edition, cell,
                             community, street, opened_at, closed_at, ended_at, stage, clock,
                             warn_at, due_at, long_at)
        select id, case when live then 'filed' when id % 50 = 7 then 'void' else 'evaluated' end,
               2, case when live then 1 + id % 97 else 1 end, 1 + id % 89,
               (1101 + id % 401)::text, place, edition, cell, 'p' || id % 490, 's' || id % 10,
               received_at, case when not live and id % 50 <> 7 then received_at end,
               case when not live then received_at end,
               case when live then 'dispatch' end, case when live then '{}'::jsonb end,
               case when live then due end, case when live then due end, case when live then due end
        from (select *, id % 100 = 3 as live,
                     timestamptz '2026-03-01T00:00:00Z' + id * interval '1 minute' as due
              from reports) as reports;
        insert into ticket_calls (ticket, whistle, unit)
        select id, 2, 1 + id % 97 from tickets where id % 4 = 0;
        insert into notices (number, kind, ticket, seq, told_at)
        select id, 'came', id, 2, received_at from reports;
        insert into notice_hearers (hearer, number)
        select 'unit ' || 1 + id % 97, id from tickets
        union all
        select 'cell 3 ' || cell, id from tickets;
        set session_replication_role = origin;
        analyze";
    client.batch_execute(tickets).await.expect("the tickets can be seeded");
}
