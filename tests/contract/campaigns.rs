//! Campaigns: lists and counts find their tickets by an index, in both ways that PostgreSQL plans,
//! and none reads the whole table.

use crate::lists::seed_tickets;
use crate::sql::{plan, seed, statements};
use support::Database;

/// A statement, the values it is asked with, and the index that must lead to it.
struct Ask {
    name: &'static str,
    values: &'static str,
    index: &'static str,
}

/// Of the desk: everything, whatever the rest says.
macro_rules! desk {
    () => {
        "row(null, null, null, null, null, null, null, true, 1, '{}', '{}', '{}', true, null)\
         ::ticket_wish"
    };
}

macro_rules! leader {
    () => {
        "row(null, null, null, null, null, null, null, false, 7, '{c77}', '{p7}', '{}', false, 7)\
         ::ticket_wish"
    };
}

const fn ask(name: &'static str, values: &'static str, index: &'static str) -> Ask {
    Ask { name, values, index }
}

const OF_STREET: &str = concat!("1, 'categories', ", desk!(), ", 1000000, 50");
const OF_CELLS: &str = concat!("2, 'cells', ", leader!(), ", 1000000, 50");
const COUNT_STREET: &str = concat!("1, 'categories', ", desk!(), ", now()");
const COUNT_CELLS: &str = concat!("2, 'cells', ", leader!(), ", now()");
const COUNT_PAGE: &str = concat!("1, '{c77,c78,c79}', ", desk!(), ", now()");
const NEWEST: &str = concat!("1, ", leader!(), ", 1000000, 50");

const ASKS: [Ask; 17] = [
    ask("tickets.sql", OF_STREET, "live_tickets_by_category"),
    ask("tickets.sql", OF_STREET, "ended_tickets_by_category"),
    ask("tickets.sql", OF_STREET, "campaign_choices_by_ticket"),
    ask("tickets.sql", OF_CELLS, "live_tickets_by_cell"),
    ask("tickets.sql", OF_CELLS, "ended_tickets_by_cell"),
    ask("tickets.sql", OF_CELLS, "live_tickets_by_community"),
    ask("tickets.sql", OF_CELLS, "ended_tickets_by_community"),
    ask("progress.sql", COUNT_STREET, "live_tickets_by_category"),
    ask("progress.sql", COUNT_STREET, "ended_tickets_by_category"),
    ask("progress.sql", COUNT_CELLS, "ended_tickets_by_cell"),
    ask("progress.sql", COUNT_CELLS, "ended_tickets_by_community"),
    ask("progress.sql", COUNT_STREET, "campaign_inspections_by_cell"),
    ask("cells.sql", COUNT_PAGE, "live_tickets_by_cell"),
    ask("cells.sql", COUNT_PAGE, "ended_tickets_by_cell"),
    ask("cells.sql", COUNT_PAGE, "campaign_inspections_by_cell"),
    ask("choices.sql", NEWEST, "campaign_choices_pkey"),
    ask("inspections.sql", NEWEST, "campaign_inspections_newest"),
];

#[tokio::test]
async fn lists_and_counts_of_a_campaign_use_their_index_and_read_no_whole_table() {
    let database = Database::migrated().await;
    let client = database.client().await;
    seed(&client).await;
    seed_tickets(&client).await;
    client.batch_execute(CAMPAIGNS).await.expect("campaigns can be seeded");
    let statements = statements();
    for mode in ["force_custom_plan", "force_generic_plan"] {
        client.batch_execute(&format!("set plan_cache_mode = {mode}")).await.expect("a setting");
        for Ask { name, values, index } in ASKS {
            let ending = format!("/campaigns/{name}");
            let found = statements.iter().find(|(path, _)| path.ends_with(&ending));
            let (path, text) = found.unwrap_or_else(|| panic!("there is no {name}"));
            let plan = plan(&client, text, values).await;
            assert!(plan.contains(index), "{path} ({mode}) does not use {index}:\n{plan}");
            for whole in
                ["Seq Scan on tickets", "Seq Scan on campaign_", "Function Scan on campaign"]
            {
                let small = "Seq Scan on campaign_stages";
                let found = plan.replace(small, "").contains(whole);
                assert!(!found, "{path} ({mode}): {whole}\n{plan}");
            }
        }
    }
    database.drop().await;
}

/// A campaign over a street and one over cells and communities, among fifty, with choices and
/// places looked at.
const CAMPAIGNS: &str = "
    set session_replication_role = replica;
    insert into people (name, role, unit) values ('p', 'shift_lead', 1);
    insert into campaigns (seq, name, goal, unit, begins_at, ends_at, categories, cells, cells_3,
                           cells_2, cells_1, targets)
    select 1, 'n' || n, '', 1, now() - interval '1 day', now() + interval '1 day', '{1101,1102}',
           '{x}', case when n % 2 = 0 then array['c7', 'c8'] else '{}' end,
           case when n % 2 = 0 then array['p9'] else '{}' end,
           case when n % 2 = 1 then array['s1'] else '{}' end, '{}'
    from generate_series(1, 50) as n;
    insert into campaign_choices (campaign, ticket, belongs, person, at, why)
    select 1 + id % 50, id, true, 1, now(), 'w' from tickets where id % 3 = 0;
    insert into campaign_inspections (campaign, what, place, edition, cell, person, unit, at, key)
    select 1 + id % 50, 'w' || id, place, edition, cell, 1, 1, now(), 'k' || id from tickets;
    set session_replication_role = origin;
    analyze";
