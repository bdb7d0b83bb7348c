//! Los Angeles: 99 council areas with real gaps and overlaps, and five days of reports.

use crate::oracle::{self, Truth};
use crate::program::{arg, wangge};
use crate::shared::{data, say};
use serde_json::json;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use support::Database;
use tokio_postgres::Client;

/// A report as stored.
struct Stored {
    key: String,
    lng: f64,
    lat: f64,
    cell: Option<String>,
    basis: String,
    distance_m: Option<f64>,
    /// The rule by which the blank zone it lies in has its owner.
    rule: Option<String>,
}

const REPORTS: &str = "
    select r.key, st_x(r.place) as lng, st_y(r.place) as lat, r.cell, r.basis, r.distance_m,
           (select min(z.rule) from blank_zones z
            where z.edition = r.edition and r.basis = 'blank_zone'
              and st_intersects(z.shape, r.place)) as rule
    from reports r order by r.key";

async fn reports(client: &Client) -> Vec<Stored> {
    let rows = client.query(REPORTS, &[]).await.expect("the reports can be read");
    let stored = |row: &tokio_postgres::Row| Stored {
        key: row.get("key"),
        lng: row.get("lng"),
        lat: row.get("lat"),
        cell: row.get("cell"),
        basis: row.get("basis"),
        distance_m: row.get("distance_m"),
        rule: row.get("rule"),
    };
    rows.iter().map(stored).collect()
}

/// The coordinates as they stand in the file, by the report's number.
fn given(path: &Path) -> BTreeMap<String, (f64, f64)> {
    let mut reader = csv::Reader::from_path(path).expect("the data folder is whole");
    let rows = reader.deserialize::<BTreeMap<String, String>>();
    let place = |row: &BTreeMap<String, String>| {
        Some((row["Longitude"].parse().ok()?, row["Latitude"].parse().ok()?))
    };
    let keyed = |row: BTreeMap<String, String>| Some((row["SRNumber"].clone(), place(&row)?));
    rows.filter_map(|row| keyed(row.expect("a row"))).collect()
}

/// PostGIS's own answer on the polygons as drawn: which hold each report, and is a border near?
///
/// $1: the file's text; $2, $3, $4: key, longitude and latitude of every report.
const POSTGIS: &str = "
    with drawn as materialized (
        select f->'properties'->>'name' as code,
               st_setsrid(st_geomfromgeojson(f->>'geometry'), 4326) as shape
        from jsonb_array_elements(($1::text)::jsonb->'features') f
    ), asked as materialized (
        select key, st_setsrid(st_point(lng, lat), 4326) as place
        from unnest($2::text[], $3::float8[], $4::float8[]) as a(key, lng, lat)
    )
    select a.key,
           array(select d.code from drawn d where st_contains(d.shape, a.place)
                 order by d.code collate \"C\") as codes,
           exists (select from drawn d where st_dwithin(st_boundary(d.shape), a.place, 5e-5)
                   and st_distance(st_boundary(d.shape)::geography, a.place::geography) <= 1.0)
               as near_a_border
    from asked a";

async fn by_postgis(
    client: &Client,
    file: &Path,
    given: &BTreeMap<String, (f64, f64)>,
) -> BTreeMap<String, Truth> {
    let text = crate::shared::text(file);
    let keys: Vec<&String> = given.keys().collect();
    let (lngs, lats): (Vec<f64>, Vec<f64>) = given.values().copied().unzip();
    let rows = client.query(POSTGIS, &[&text, &keys, &lngs, &lats]).await;
    let truth = |row: &tokio_postgres::Row| {
        let truth = Truth { codes: row.get("codes"), near_a_border: row.get("near_a_border") };
        (row.get("key"), truth)
    };
    rows.expect("PostGIS answers").iter().map(truth).collect()
}

/// Holds every stored report to what an oracle knows; gives how many lie in one polygon for sure.
fn hold(who: &str, reports: &[Stored], truth: &BTreeMap<String, Truth>) -> usize {
    let holding = |n: std::ops::RangeInclusive<usize>| {
        truth.values().filter(|truth| n.contains(&truth.codes.len())).count()
    };
    assert_eq!((holding(1..=1), holding(2..=99), holding(0..=0)), (9_790, 29, 176), "{who}");
    let sure: Vec<_> = reports
        .iter()
        .filter(|report| {
            let truth = &truth[&report.key];
            truth.codes.len() == 1 && !truth.near_a_border
        })
        .collect();
    let wrong: Vec<&str> = sure
        .iter()
        .filter(|report| report.cell.as_deref() != Some(&truth[&report.key].codes[0]))
        .map(|report| report.key.as_str())
        .collect();
    assert_eq!(wrong, [""; 0], "{who} knows another cell for these");
    sure.len()
}

/// Writes the reports that lie in so many polygons to a list and gives them.
fn listed<'a>(
    name: &str,
    reports: &'a [Stored],
    truth: &BTreeMap<String, Truth>,
    wanted: impl Fn(usize) -> bool,
) -> Vec<&'a Stored> {
    let found: Vec<&Stored> =
        reports.iter().filter(|report| wanted(truth[&report.key].codes.len())).collect();
    let mut list = String::from("key,lng,lat,basis,owner,distance_m,rule,drawn_by\n");
    for Stored { key, lng, lat, cell, basis, distance_m, rule } in &found {
        let owner = cell.as_deref().unwrap_or_default();
        let metres = distance_m.map(|m| format!("{m:.2}")).unwrap_or_default();
        let rule = rule.as_deref().unwrap_or_default();
        let drawn_by = truth[key].codes.join("; ");
        writeln!(list, "{key},{lng},{lat},{basis},{owner},{metres},{rule},{drawn_by}")
            .expect("memory takes a line");
    }
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, list).expect("the list can be written");
    let mut bases: BTreeMap<&str, usize> = BTreeMap::new();
    found.iter().for_each(|report| *bases.entry(&report.basis).or_default() += 1);
    say(&format!("Los Angeles: {} listed in {} {bases:?}", found.len(), path.display()));
    found
}

#[tokio::test]
async fn every_report_of_los_angeles_has_one_cell_and_the_right_one() {
    let Some(data) = data("Los Angeles") else { return };
    let areas = data.join("la311/nc_2019.geojson");
    let requests = data.join("la311/requests_2018_last_days.csv");
    let database = Database::migrated().await;
    let edition = wangge(&database, &["grids", "import", arg(&areas), "--code", "name"]);
    assert_eq!(edition["cells"], 99, "{edition}");
    say(&format!("Los Angeles: {edition}"));

    let import = ["reports", "import", arg(&requests), "--lon", "Longitude", "--lat", "Latitude"];
    let fields = ["--time", "CreatedDate", "--time-zone", "America/Los_Angeles"];
    let more = ["--category", "RequestType", "--key", "SRNumber"];
    let import: Vec<&str> = import.into_iter().chain(fields).chain(more).collect();
    let first = wangge(&database, &import);
    let counts = |answer: &serde_json::Value| {
        ["read", "stored", "already", "rejected"].map(|field| answer[field].clone())
    };
    assert_eq!(counts(&first), [10_000, 9_995, 0, 5].map(|n| json!(n)), "{first}");
    let located: u64 =
        first["basis"].as_object().expect("counts").values().filter_map(|n| n.as_u64()).sum();
    assert_eq!(located, 9_995, "{first}");
    let rejects = std::fs::read_to_string(first["rejects"].as_str().expect("a path"));
    assert_eq!(rejects.expect("the rejects file").lines().count(), 1 + 5);
    let second = wangge(&database, &import);
    assert_eq!(counts(&second), [10_000, 0, 9_995, 5].map(|n| json!(n)), "{second}");

    let client = database.client().await;
    let reports = reports(&client).await;
    assert_eq!(reports.len(), 9_995);
    assert_eq!(reports.iter().filter(|report| report.cell.is_none()).count(), 0);

    let given = given(&requests);
    let postgis = by_postgis(&client, &areas, &given).await;
    let sure = hold("PostGIS", &reports, &postgis);
    let drawn = oracle::read(&areas, "name");
    let ask =
        |(key, &(lng, lat)): (&String, &(f64, f64))| (key.clone(), oracle::truth(&drawn, lng, lat));
    let geo: BTreeMap<String, Truth> = given.iter().map(ask).collect();
    let too = hold("geo", &reports, &geo);
    say(&format!("Los Angeles: {sure} (PostGIS) and {too} (geo) reports in one area for sure"));
    assert!(sure > 9_700 && too > 9_700, "few borders are within a metre of a report");

    let none = listed("los_angeles_in_none.csv", &reports, &postgis, |n| n == 0);
    assert_eq!(none.len(), 176);
    assert!(none.iter().all(|report| report.cell.is_some()));
    let several = listed("los_angeles_in_several.csv", &reports, &postgis, |n| n > 1);
    assert_eq!(several.len(), 29);
    let is_a_drawer =
        |r: &&Stored| r.cell.as_ref().is_some_and(|cell| postgis[&r.key].codes.contains(cell));
    assert!(several.iter().all(is_a_drawer), "an overlap goes to one of those who drew it");
    database.drop().await;
}
