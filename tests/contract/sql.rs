//! What the SQL files promise: each one prepares against today's tables, with these parameters and
//! columns, and the reads of a place use an index.

use crate::tidy::tree::files;
use std::fmt::Write;
use support::Database;
use tokio_postgres::Client;

/// Every statement of the service with what goes in and what comes out. A renamed column, a changed
/// type or a statement that no longer fits the tables shows here.
#[tokio::test]
async fn every_statement_prepares_with_the_signature_on_record() {
    let database = Database::migrated().await;
    let client = database.client().await;
    // The frame's own statements speak of a table that only its own migration makes.
    let mut record = String::new();
    for (path, text) in statements() {
        let prepared = client.prepare(&text).await;
        let prepared = prepared.unwrap_or_else(|error| {
            let told = error.as_db_error().map(ToString::to_string);
            panic!("{path}: {}", told.unwrap_or_else(|| error.to_string()))
        });
        let takes: Vec<&str> = prepared.params().iter().map(|kind| kind.name()).collect();
        let gives: Vec<String> = prepared
            .columns()
            .iter()
            .map(|column| format!("{} {}", column.name(), column.type_().name()))
            .collect();
        let name = path.trim_start_matches("backend/src/");
        writeln!(record, "{name}\n  ({})\n  -> {}", takes.join(", "), gives.join(", "))
            .expect("writing to a string cannot fail");
    }
    database.drop().await;
    insta::assert_snapshot!("signatures", record);
}

/// Reports are stored by two statements: alone, and with the tickets they open. Both store them the
/// same way and answer the same, to the letter.
#[test]
fn reports_are_stored_alike_with_their_tickets_and_without() {
    let statements = statements();
    let text = |name: &str| {
        let found = statements.iter().find(|(path, _)| path.ends_with(name));
        found.map(|(_, text)| text.clone()).unwrap_or_else(|| panic!("there is no {name}"))
    };
    let alone = text("reports/add_reports.sql");
    let (_, alone) = alone.split_once("with touchy").expect("a beginning");
    let (storing, answering) = alone.split_once("\n)\nselect").expect("an answer");
    let with_tickets = text("tickets/take_in.sql");
    assert!(with_tickets.contains(storing), "take_in.sql stores reports in a way of its own");
    assert!(with_tickets.ends_with(answering), "take_in.sql answers in a way of its own");
}

/// A read of a place or of a cell, with values to ask for, and the index it must use.
struct Read {
    name: &'static str,
    values: &'static str,
    index: &'static str,
}

const READS: [Read; 10] = [
    Read { name: "cell_tile.sql", values: "2, 16, 54693, 26625", index: "cells_by_mercator" },
    Read { name: "cell_tile.sql", values: "2, 16, 54693, 26625", index: "blank_zones_by_mercator" },
    Read { name: "problem_tile.sql", values: "2, 16, 54693, 26625", index: "problems_by_mercator" },
    Read {
        name: "cell_features.sql",
        values: "2, 120.5, 31.2, 120.501, 31.201, 1000, 3::smallint",
        index: "cells_by_place",
    },
    Read {
        name: "zone_features.sql",
        values: "2, 120.5, 31.2, 120.501, 31.201, 1000",
        index: "blank_zones_by_place",
    },
    Read {
        name: "problem_features.sql",
        values: "2, 120.5, 31.2, 120.501, 31.201, 1000",
        index: "problems_by_place",
    },
    Read { name: "count_tile.sql", values: "16, 54693, 26625", index: "reports_by_place" },
    Read { name: "point_tile.sql", values: "16, 54693, 26625", index: "reports_by_place" },
    Read { name: "reports_of_year.sql", values: "array['c77']", index: "reports_by_cell" },
    Read { name: "report_with_key.sql", values: "'hotline', 'k77'", index: "report_key_is_taken" },
];

/// Whether the plan is made for the values at hand or for any, PostgreSQL must find its way
/// without reading a whole table.
#[tokio::test]
async fn reads_of_a_place_use_their_index_whatever_the_values() {
    let database = Database::migrated().await;
    let client = database.client().await;
    seed(&client).await;
    let statements = statements();
    for mode in ["force_custom_plan", "force_generic_plan"] {
        client.batch_execute(&format!("set plan_cache_mode = {mode}")).await.expect("a setting");
        for Read { name, values, index } in READS {
            let found = statements.iter().find(|(path, _)| path.ends_with(&format!("/{name}")));
            let (path, text) = found.unwrap_or_else(|| panic!("there is no {name}"));
            let plan = plan(&client, text, values).await;
            assert!(plan.contains(index), "{path} ({mode}) does not use {index}:\n{plan}");
        }
    }
    database.drop().await;
}

pub fn statements() -> Vec<(String, String)> {
    files(&[".sql"]).into_iter().filter(|(path, _)| path.starts_with("backend/src/")).collect()
}

pub async fn plan(client: &Client, text: &str, values: &str) -> String {
    let prepare = format!("prepare asked as {text}");
    client.batch_execute(&prepare).await.expect("the statement prepares");
    let explain = format!("explain execute asked ({values})");
    let rows = client.query(&explain, &[]).await.expect("the statement can be planned");
    client.batch_execute("deallocate asked").await.expect("it is there");
    let lines: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    lines.join("\n")
}

/// A town of 4,900 square cells of about 100 m with a zone and a problem here and there, and 20,000
/// reports.
pub async fn seed(client: &Client) {
    let town = "
        insert into editions (source, cells, blank_zones, problems, west, south, east, north,
                              level_2_from_zoom, level_3_from_zoom)
        values ('seed', 4900, 490, 490, 120.4, 31.1, 120.61, 31.31, 10, 12);
        create temporary table squares as
        select n, 120.4 + (n % 70) * 0.003 as lng, 31.1 + (n / 70) * 0.003 as lat
        from generate_series(0, 4899) as n;
        insert into cells (edition, level, code, name, face, colour, area_m2, label_at, shape)
        select 2, 3, 'c' || n, 'cell ' || n, n + 1, 0, 1e4,
               st_setsrid(st_makepoint(lng + 0.001, lat + 0.001), 4490),
               st_multi(st_makeenvelope(lng, lat, lng + 0.003, lat + 0.003, 4490))
        from squares;
        insert into blank_zones (edition, zone, face, owner, rule, area_m2, shape)
        select 2, n + 1, 4901 + n, 'c' || n, 'claim', 1e2,
               st_multi(st_makeenvelope(lng, lat, lng + 0.001, lat + 0.001, 4490))
        from squares where n % 10 = 0;
        insert into problems (edition, problem, kind, cells, area_m2, width_m, shape)
        select 2, n + 1, 'gap', array['c' || n], 1e2, 1,
               st_makeenvelope(lng, lat, lng + 0.001, lat + 0.001, 4490)
        from squares where n % 2 = 0;
        insert into reports (channel, key, text, happened_at, datum, place, edition, cell, basis)
        select 'hotline', 'k' || n, '', now(), 'wgs84',
               st_setsrid(st_makepoint(120.4 + n % 141 * 0.0015, 31.1 + n / 141 * 0.0015), 4490), 2,
               'c' || n % 4900, 'inside'
        from generate_series(0, 19999) as n;
        analyze";
    client.batch_execute(town).await.expect("the town can be seeded");
}
