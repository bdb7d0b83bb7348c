//! Grids: who answers for a place, editions and how processes follow them, maps and search.

mod maps;
mod processes;

use domain::grids::{
    Basis, Cell, Editions, HitKind, LOCATE_MANY, LOCATE_MANY_MAX, Locate, Located, OwnerRule,
    Search, ShowCell,
};
use domain::ids::EditionId;
use domain::word::Word;
use domain::{Datum, Kind};
use serde_json::{Value, json};
use support::Service;
use support::district::{chessboard, degrees, district};

fn locate(east: i32, north: i32) -> Locate {
    let (lng, lat) = degrees(east, north);
    Locate { lng, lat, datum: Datum::Cgcs2000, accuracy_m: None }
}

async fn located(service: &Service, east: i32, north: i32) -> Located {
    service.ask(&locate(east, north)).await.expect("a finite coordinate has an answer")
}

#[tokio::test]
async fn before_anything_is_drawn_the_duty_desk_answers_for_every_place() {
    let service = Service::start().await;
    let answer = located(&service, 0, 0).await;
    assert_eq!((answer.edition, answer.cell, answer.basis), (EditionId(1), None, Basis::Outside));
    assert_eq!(answer.contacts.len(), 1);
    assert_eq!(answer.contacts[0].level, None);
    service.finish().await;
}

#[tokio::test]
async fn every_basis_comes_with_the_cell_that_answers_and_its_neighbour() {
    let service = Service::start().await;
    let published = service.publish(district()).await;
    assert_eq!((published.cells, published.blank_zones, published.upper_cells), (3, 1, 3));
    // 100 units are 0.95 m east-west here; the strip from 200,000 to 203,000 is 28.5 m wide.
    let cases = [
        (50_000, 50_000, Basis::Inside, "a", "b"),
        (100_000, 50_000, Basis::Border, "b", "a"),
        (99_950, 50_000, Basis::Border, "a", "b"),
        (99_800, 50_000, Basis::Inside, "a", "b"),
        (201_000, 50_000, Basis::BlankZone, "b", "c"),
        (202_990, 50_000, Basis::BlankZone, "b", "c"),
        (203_000, 50_000, Basis::Border, "c", "b"),
        (-1_000, 50_000, Basis::OutsideNear, "a", "b"),
        (301_000, 50_000, Basis::OutsideNear, "c", "b"),
        (-100_000, 50_000, Basis::Outside, "a", "b"),
    ];
    for (east, north, basis, cell, neighbour) in cases {
        let answer = located(&service, east, north).await;
        assert_eq!(answer.basis, basis, "{east} {north}");
        assert_eq!(answer.cell.as_deref(), Some(cell), "{east} {north}");
        assert_eq!(answer.neighbour.map(|n| n.cell).as_deref(), Some(neighbour), "{east} {north}");
        assert_eq!(answer.edition, published.edition);
        assert!(!answer.contacts.is_empty(), "{east} {north}");
        let zone = answer.blank_zone.map(|zone| (zone.zone, zone.rule));
        let in_zone = basis == Basis::BlankZone;
        assert_eq!(zone, in_zone.then_some((1, OwnerRule::LowerCode)), "{east} {north}");
    }
    let answer = located(&service, 250_000, 50_000).await;
    assert_eq!(answer.parents, ["Q", "S"]);
    assert_eq!(answer.name, "cell c");
    service.finish().await;
}

#[tokio::test]
async fn an_uncertain_position_names_every_cell_it_may_be_in() {
    let service = Service::start().await;
    service.publish(district()).await;
    let question = Locate { accuracy_m: Some(50.0), ..locate(100_000, 50_000) };
    let answer = service.ask(&question).await.expect("an answer");
    let cells: Vec<_> = answer.shares.iter().map(|share| share.cell.as_str()).collect();
    assert_eq!(cells, ["a", "b"]);
    for share in &answer.shares {
        assert!((share.share - 0.5).abs() < 1e-6, "{share:?}");
    }
    let sure = service.ask(&Locate { accuracy_m: Some(0.0), ..question }).await.expect("an answer");
    assert_eq!(sure.shares.len(), 1);
    service.finish().await;
}

#[tokio::test]
async fn a_coordinate_in_a_shifted_datum_is_brought_home_first() {
    let service = Service::start().await;
    service.publish(district()).await;
    let (lng, lat) = degrees(99_000, 50_000);
    let shifted = spatial::datum::from_cgcs2000(lng, lat, spatial::datum::Datum::Gcj02);
    let question = Locate { lng: shifted.0, lat: shifted.1, datum: Datum::Gcj02, accuracy_m: None };
    let answer = service.ask(&question).await.expect("an answer");
    assert_eq!((answer.cell.as_deref(), answer.basis), (Some("a"), Basis::Inside));
    let taken_literally = Locate { datum: Datum::Wgs84, ..question };
    let answer = service.ask(&taken_literally).await.expect("an answer");
    assert_eq!(answer.cell.as_deref(), Some("b"), "half a kilometre off");
    service.finish().await;
}

#[tokio::test]
async fn what_is_no_coordinate_is_refused_with_a_sentence_in_both_languages() {
    let service = Service::start().await;
    let cases = [
        ("lng=NaN&lat=31", 422, "lng"),
        ("lng=inf&lat=31", 422, "lng"),
        ("lng=120&lat=-inf", 422, "lat"),
        ("lng=120&lat=95", 422, "lat"),
        ("lng=31&lat=120", 422, "lat"),
        ("lng=1e300&lat=31", 422, "lng"),
        ("lng=13432891&lat=3660034", 422, "lng"),
        ("lng=120&lat=31&datum=mars", 422, "datum"),
        ("lng=120&lat=31&accuracy_m=-1", 422, "accuracy_m"),
        ("lng=120&lat=31&accuracy_m=NaN", 422, "accuracy_m"),
        ("lng=east&lat=31", 422, "lng"),
        ("lng=120", 422, "lat"),
        ("lng=120&lat=31&radius=5", 422, "radius"),
    ];
    for (query, status, field) in cases {
        let response = service.nobody().get(&format!("/api/locate?{query}")).send().await;
        let response = response.expect("the server answers");
        assert_eq!(response.status().as_u16(), status, "{query}");
        let refusal: Value = response.json().await.expect("a refusal is JSON");
        assert_eq!(refusal["field"], field, "{query}: {refusal}");
        for language in ["zh", "en"] {
            assert!(refusal["message"][language].is_string(), "{query}: {refusal}");
        }
    }
    service.finish().await;
}

#[tokio::test]
async fn every_finite_coordinate_on_the_globe_has_an_answer() {
    let service = Service::start().await;
    service.publish(district()).await;
    for lng in [-180.0, -90.0, 0.0, 120.6, 180.0] {
        for lat in [-90.0, -31.0, 0.0, 31.25, 90.0] {
            for datum in Datum::ALL {
                let question = Locate { lng, lat, datum: *datum, accuracy_m: Some(10.0) };
                let answer = service.ask(&question).await;
                let answer = answer.unwrap_or_else(|refusal| panic!("{lng} {lat}: {refusal}"));
                assert!(answer.cell.is_some() && !answer.contacts.is_empty(), "{lng} {lat}");
            }
        }
    }
    service.finish().await;
}

/// Sends points and reads the lines of the answer.
async fn many(service: &Service, media_type: &str, body: String) -> (u16, Vec<Value>) {
    let request = service.nobody().post(LOCATE_MANY).header("content-type", media_type);
    let response = request.body(body).send().await.expect("the server answers");
    let status = response.status().as_u16();
    let text = response.text().await.expect("text");
    (status, text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect())
}

#[tokio::test]
async fn many_points_are_answered_in_order_and_a_bad_one_in_its_own_row() {
    let service = Service::start().await;
    service.publish(district()).await;
    let points: Vec<String> = [50_000, 150_000, 250_000]
        .map(|east| degrees(east, 50_000))
        .map(|(lng, lat)| format!("[{lng}, {lat}]"))
        .to_vec();
    let lines = [points[0].as_str(), "[1, 95]", &points[1], "{\"lng\": 1}", "here", &points[2]];
    let (status, rows) = many(&service, "application/x-ndjson", lines.join("\n")).await;
    assert_eq!((status, rows.len()), (200, 6));
    let cells: Vec<_> = rows.iter().map(|row| row["cell"].as_str()).collect();
    assert_eq!(cells, [Some("a"), None, Some("b"), None, None, Some("c")]);
    for bad in [1, 3, 4] {
        assert_eq!(rows[bad]["refusal"]["kind"], "invalid", "{}", rows[bad]);
    }
    let array = format!("[{}]", points.join(","));
    let (status, same) = many(&service, "application/json", array).await;
    assert_eq!((status, same), (200, vec![rows[0].clone(), rows[2].clone(), rows[5].clone()]));
    let (status, _) = many(&service, "application/json", "[[1,2],".to_owned()).await;
    assert_eq!(status, 400);
    let (status, _) = many(&service, "text/csv", "1,2".to_owned()).await;
    assert_eq!(status, 400);
    service.finish().await;
}

#[tokio::test]
async fn a_hundred_thousand_points_are_answered_and_one_more_is_too_large() {
    let service = Service::start().await;
    service.publish(chessboard(20, 20, 20_000)).await;
    let mut text = String::new();
    for i in 0..LOCATE_MANY_MAX as i32 {
        let (lng, lat) = degrees(i * 4 + 1, i * 4 + 1);
        text.push_str(&format!("[{lng:.7},{lat:.7}]\n"));
    }
    let (status, rows) = many(&service, "application/x-ndjson", text.clone()).await;
    assert_eq!((status, rows.len()), (200, LOCATE_MANY_MAX));
    assert_eq!(rows[0]["cell"], "000000");
    assert_eq!(rows[LOCATE_MANY_MAX - 1]["cell"], "019019");
    text.push_str("[1,2]\n");
    let (status, rows) = many(&service, "application/x-ndjson", text).await;
    assert_eq!((status, &rows[0]["kind"]), (413, &json!("too_large")));
    service.finish().await;
}

#[tokio::test]
async fn an_edition_never_changes_and_the_newest_is_in_force() {
    let service = Service::start().await;
    let first = service.publish(district()).await;
    let second = service.publish(chessboard(3, 1, 100_000)).await;
    assert!(second.edition > first.edition);
    let editions = service.ask(&Editions {}).await.expect("anybody may ask");
    let known: Vec<_> = editions.iter().map(|edition| (edition.id, edition.cells)).collect();
    assert_eq!(known, [(second.edition, 3), (first.edition, 3), (EditionId(1), 0)]);
    assert_eq!(located(&service, 50_000, 50_000).await.cell.as_deref(), Some("000000"));
    let db = service.database.client().await;
    for sql in ["update cells set name = 'x'", "delete from arcs", "update editions set cells = 0"]
    {
        let refused = db.batch_execute(sql).await.expect_err("the database refuses");
        let refused = refused.as_db_error().expect("by its own words").message().to_owned();
        assert!(refused.contains("an edition never changes"), "{sql}: {refused}");
    }
    service.finish().await;
}

#[tokio::test]
async fn an_edition_read_back_is_the_partition_that_was_published() {
    let service = Service::start().await;
    let drawing = chessboard(7, 5, 33_333);
    let drawn: Vec<_> = drawing.cells.iter().map(|cell| cell.drawn.clone()).collect();
    let built = spatial::build::build(&drawn, None, &spatial::build::Options::default());
    service.publish(drawing).await;
    let client = service.db.client().await.expect("the database answers");
    let live = backend::grids::live::Live::load(&client).await.expect("it loads");
    assert_eq!(**live.locator.partition(), built.partition);
    drop(client);
    service.finish().await;
}

#[tokio::test]
async fn cells_of_levels_two_and_one_are_the_union_of_their_children_and_leave_no_gap() {
    let service = Service::start().await;
    service.publish(district()).await;
    let db = service.database.client().await;
    let sql = "select level::int4, st_area(st_union(shape)), sum(st_area(shape)),
                      bool_and(st_isvalid(shape))
               from cells where edition = 2 group by level order by level";
    let rows = db.query(sql, &[]).await.expect("rows");
    let whole = 0.03 * 0.01;
    let strip = 0.0003 * 0.01;
    for (row, (level, area)) in rows.iter().zip([(1, whole), (2, whole), (3, whole - strip)]) {
        assert_eq!(row.get::<_, i32>(0), level);
        let (union, sum): (f64, f64) = (row.get(1), row.get(2));
        assert!((union - area).abs() < 1e-12 && (sum - area).abs() < 1e-12, "{level}: {union}");
        assert!(row.get::<_, bool>(3), "level {level} is valid");
    }
    assert_eq!(rows.len(), 3);
    service.finish().await;
}

#[tokio::test]
async fn search_finds_codes_names_and_coordinates_best_first() {
    let service = Service::start().await;
    service.publish(district()).await;
    let search = async |text: &str| {
        let hits = service.ask(&Search { text: text.to_owned() }).await.expect("an answer");
        hits.into_iter().map(|hit| (hit.kind, hit.cell.unwrap_or_default())).collect::<Vec<_>>()
    };
    assert_eq!(search("b").await, [(HitKind::Cell, "b".to_owned())]);
    assert_eq!(search("CELL C").await, [(HitKind::Cell, "c".to_owned())]);
    let all: Vec<_> = search("cell").await.into_iter().map(|hit| hit.1).collect();
    assert_eq!(all, ["a", "b", "c"]);
    let (lng, lat) = degrees(250_000, 50_000);
    for text in [format!("{lng}, {lat}"), format!("{lat} {lng}"), format!("cgcs2000:{lng},{lat}")] {
        assert_eq!(search(&text).await, [(HitKind::Place, "c".to_owned())], "{text}");
    }
    assert_eq!(search("nothing like it").await, []);
    assert_eq!(search("  ").await, []);
    let long = service.ask(&Search { text: "长".repeat(201) }).await;
    assert_eq!(long.expect_err("refused").kind, Kind::Invalid);
    service.finish().await;
}

#[tokio::test]
async fn a_cell_is_shown_with_its_people_blank_zones_and_box() {
    let service = Service::start().await;
    service.publish(district()).await;
    let cell: Cell = service.ask(&ShowCell { code: "b".to_owned() }).await.expect("it is there");
    assert_eq!((cell.level, cell.parent.as_deref(), cell.blank_zones), (3, Some("P"), 1));
    let (west, south) = degrees(100_000, 0);
    let (east, north) = degrees(200_000, 100_000);
    assert_eq!(cell.bounds, [west, south, east, north]);
    assert!((cell.area_m2 / 1_057_000.0 - 1.0).abs() < 0.01, "{}", cell.area_m2);
    let street = service.ask(&ShowCell { code: "S".to_owned() }).await.expect("it is there");
    assert_eq!((street.level, street.blank_zones), (1, 1));
    let missing = service.ask(&ShowCell { code: "z".to_owned() }).await.expect_err("refused");
    assert_eq!(missing.kind, Kind::Missing);
    service.finish().await;
}
