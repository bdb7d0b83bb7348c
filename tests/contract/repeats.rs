//! What is near a place and what was closed lately: an index leads there, in both ways that
//! PostgreSQL plans, and the tickets are never read from end to end.

use crate::lists::seed_tickets;
use crate::sql::{plan, seed, statements};
use support::Database;

/// Everything; their unit; codes of cells of levels 3, 2 and 1; everything sensitive, or of whom.
const DESK: &str = "true, 1, '{}', '{}', '{}', true, null";
const LEADER: &str = "false, 7, '{c77}', '{p7}', '{}', false, 7";

/// A statement, what it is asked but for whoever asks, and the index that leads to it.
const READS: [(&str, &str, &str, &str); 4] = [
    (
        "near.sql",
        "120.5, 31.2, 120.502, 31.202, 120.501, 31.201, 0, 80, ",
        ", 500",
        "reports_by_place",
    ),
    ("earlier.sql", "77, 0.0005, 365, ", ", 500", "reports_by_place"),
    (
        "closed.sql",
        "now() - interval '90 days', now(), null, null, null, null, ",
        ", 200000",
        "closed_tickets_by_time",
    ),
    (
        "open_at.sql",
        "'{120.5, 120.51}', '{31.2, 31.21}', '{1101, 1104}', '{0.0005, 0.0005}', ",
        "",
        "reports_by_place",
    ),
];

#[tokio::test]
async fn what_is_near_and_what_repeats_is_found_by_an_index_whoever_asks() {
    let database = Database::migrated().await;
    let client = database.client().await;
    seed(&client).await;
    // Of one category each, over four years and a half: one in twenty was closed lately.
    let spread = "update reports set category = (1101 + id % 401)::text,
                         received_at = now() - id * interval '2 hours'";
    client.batch_execute(spread).await.expect("they are spread");
    seed_tickets(&client).await;
    let statements = statements();
    for mode in ["force_custom_plan", "force_generic_plan"] {
        client.batch_execute(&format!("set plan_cache_mode = {mode}")).await.expect("a setting");
        for (name, before, after, index) in READS {
            let found = statements.iter().find(|(path, _)| path.ends_with(&format!("/{name}")));
            let (path, text) = found.unwrap_or_else(|| panic!("there is no {name}"));
            for scope in [DESK, LEADER] {
                let plan = plan(&client, text, &format!("{before}{scope}{after}")).await;
                assert!(plan.contains(index), "{path} ({mode}) does not use {index}:\n{plan}");
                for table in ["tickets", "reports"] {
                    let whole = plan.contains(&format!("Seq Scan on {table}"));
                    assert!(!whole, "{path} ({mode}) reads all {table}:\n{plan}");
                }
            }
        }
    }
    database.drop().await;
}
