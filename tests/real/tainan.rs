//! Tainan: 752 villages, half a year of reports, a day of bus fixes; names in Chinese.

use crate::oracle;
use crate::program::{arg, wangge};
use crate::shared::{data, say, text};
use serde_json::json;
use std::collections::BTreeMap;
use std::path::Path;
use support::Database;

/// Rows of a CSV file by column.
fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).expect("a file of rows");
    reader.deserialize().collect::<Result<_, _>>().expect("rows")
}

/// Holds located rows to the `geo` oracle; gives how many lie in no, in one and in several
/// villages, and how many of those in one are more than a metre from any border.
fn hold(drawn: &[oracle::Drawn], rows: &[BTreeMap<String, String>]) -> [usize; 4] {
    let mut counts = [0; 4];
    let mut wrong = Vec::new();
    for row in rows {
        let number = |field: &str| row[field].parse::<f64>().expect("a coordinate");
        let truth = oracle::truth(drawn, number("lon"), number("lat"));
        counts[truth.codes.len().min(2)] += 1;
        if truth.codes.len() == 1 && !truth.near_a_border {
            counts[3] += 1;
            if row["cell"] != truth.codes[0] {
                wrong.push((row["lon"].clone(), row["lat"].clone(), row["cell"].clone()));
            }
        }
    }
    assert_eq!(wrong, [], "geo knows another village for these");
    counts
}

#[tokio::test]
async fn every_report_and_every_bus_fix_of_tainan_has_one_village_and_the_right_one() {
    let Some(data) = data("Tainan") else { return };
    let villages = data.join("tainan/villages_2017.geojson");
    let database = Database::migrated().await;
    let parents = ["--parent", "TOWNID", "--parent-name", "TOWNNAME"];
    let import = ["grids", "import", arg(&villages), "--code", "VILLCODE", "--name", "VILLNAME"];
    let import: Vec<&str> = import.into_iter().chain(parents).collect();
    let edition = wangge(&database, &import);
    assert_eq!(edition["cells"], 752, "{edition}");
    say(&format!("Tainan: {edition}"));

    let reports = data.join("tainan/reports_2017H2.csv");
    let place = ["--lon", "lon", "--lat", "lat"];
    let import = ["reports", "import", arg(&reports), "--time", "created", "--key", "id"];
    let import: Vec<&str> = import.into_iter().chain(place).collect();
    let taken = wangge(&database, &import);
    let counts = ["read", "stored", "already", "rejected"].map(|field| taken[field].clone());
    assert_eq!(counts, [13_138, 13_138, 0, 0].map(|n| json!(n)), "{taken}");
    let client = database.client().await;
    let text_of = "select count(*) from reports where cell is null";
    let row = client.query_one(text_of, &[]).await.expect("the reports can be counted");
    assert_eq!(row.get::<_, i64>(0), 0, "reports without a cell");
    drop(client);

    let drawn = oracle::read(&villages, "VILLCODE");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let fixes = folder.join("tainan_fixes.csv");
    std::fs::write(&fixes, text(&data.join("tainan/bus_avl_20171018.csv.gz"))).expect("written");
    for (what, file, read, in_none) in
        [("reports", &reports, 13_138, Some(9)), ("bus fixes", &fixes, 108_711, None)]
    {
        let output = folder.join("tainan_located.csv");
        let locate = ["locate", "--csv", arg(file), "--output", arg(&output)];
        let located = wangge(&database, &locate.into_iter().chain(place).collect::<Vec<_>>());
        assert_eq!((&located["read"], &located["rejected"]), (&json!(read), &json!(0)));
        let rows = rows(&output);
        assert_eq!(rows.len(), read);
        assert_eq!(rows.iter().filter(|row| row["cell"].is_empty()).count(), 0);
        let [none, one, several, sure] = hold(&drawn, &rows);
        assert_eq!(none + one + several, read);
        if let Some(expected) = in_none {
            assert_eq!(none, expected, "reports in no village");
        }
        say(&format!(
            "Tainan: {read} {what}: {none} in no village, {several} in several, {sure} in one \
             and over a metre from any border, all of them right; {}",
            located["basis"]
        ));
    }
    database.drop().await;
}
