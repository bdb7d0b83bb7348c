//! Care: what is looked for every minute, and what a grid member looks at every morning, is found
//! by an index however many visits were made before.

use crate::lists::seed_tickets;
use crate::sql::{plan, seed, statements};
use support::Database;

const ASKS: [(&str, &str, &str); 6] = [
    ("/care/due_households.sql", "'2026-03-02', 50", "households_by_date"),
    ("/care/stale_households.sql", "3, 50", "households_by_edition"),
    ("/care/due_visits.sql", "false, 7, 'epoch', 0, 50", "care_visits_to_make"),
    ("/care/visits.sql", "77, null, '2026-03-02', 50", "care_visits_pkey"),
    ("/care/tries.sql", "77, '{2026-03-02}'", "on care_tries"),
    ("/keeper/owed.sql", "now(), 0, 50", "care_visits_to_make"),
];

#[tokio::test]
async fn visits_that_are_due_are_found_by_an_index_among_all_that_were_made() {
    let database = Database::migrated().await;
    let client = database.client().await;
    seed(&client).await;
    seed_tickets(&client).await;
    client.batch_execute(HOUSEHOLDS).await.expect("households can be seeded");
    let statements = statements();
    for mode in ["force_custom_plan", "force_generic_plan"] {
        client.batch_execute(&format!("set plan_cache_mode = {mode}")).await.expect("a setting");
        for (ending, values, index) in ASKS {
            let found = statements.iter().find(|(path, _)| path.ends_with(ending));
            let (path, text) = found.unwrap_or_else(|| panic!("there is no {ending}"));
            let plan = plan(&client, text, values).await;
            assert!(plan.contains(index), "{path} ({mode}) does not use {index}:\n{plan}");
            // There are few households, whichever way they are read.
            for whole in ["Seq Scan on tickets", "Seq Scan on care_"] {
                assert!(!plan.contains(whole), "{path} ({mode}): {whole}\n{plan}");
            }
        }
    }
    database.drop().await;
}

/// 4,000 households with five visits each; one visit in a hundred is still to be made.
const HOUSEHOLDS: &str = "
    set session_replication_role = replica;
    insert into households (id, seq, kind, place, edition, cell, schedule, next_on, added_by, key)
    select n, 1, 'living_alone', st_setsrid(st_makepoint(120.5, 31.2), 4490),
           case when n % 100 = 7 then 2 else 3 end, 'c' || n % 4900, '{}',
           date '2026-03-01' + n % 365, 1, 'k' || n
    from generate_series(1, 4000) as n;
    insert into care_visits (household, due_on, made_at, ticket, result, result_at)
    select 1 + id % 4000, date '2026-01-01' + (id / 4000)::integer, now(), id,
           case when id % 100 <> 3 then 'met' end, case when id % 100 <> 3 then now() end
    from tickets;
    insert into care_tries (household, due_on, number, result, person, at, note, key)
    select household, due_on, 1, 'met', 1, now(), '', 'k' from care_visits;
    set session_replication_role = origin;
    analyze";
