//! Nobody else finds a trace of a household.

use crate::stage::{Care, NAME, PHONE, due, record};
use domain::Kind;
use domain::people::{Role, UnitKind};
use domain::reports::ListReports;
use domain::tickets::ListTickets;
use domain::tickets::care::{ListHouseholds, VisitResult};
use jiff::Timestamp;
use support::district::degrees;
use support::tickets::kind;

#[tokio::test]
async fn whoever_does_not_visit_finds_no_trace_of_a_household() {
    let mut care = Care::begun().await;
    let household = care.added(50_000, 1).await.household;
    care.pass(Timestamp::now()).await;
    let visit = due(&care.member).await.remove(0);
    let neighbour =
        care.service.signed_in_at(Role::Member, UnitKind::GridTeam, "乙网格队", Some((3, "a")));
    let neighbour = neighbour.await.0;
    let mut others = vec![care.cast.stranger.clone(), neighbour];
    for role in [Role::Planner, Role::Inspector, Role::Management, Role::Administrator] {
        others.push(care.service.signed_in(role).await);
    }
    let (lng, _) = degrees(50_000, 50_000);
    let lng = lng.to_string();
    let paths = [
        "/api/households".to_owned(),
        format!("/api/households/{}", household.id),
        format!("/api/households/{}/visits", household.id),
        "/api/visits/due".to_owned(),
        "/api/tickets".to_owned(),
        "/api/tickets?cell=a&category=1696".to_owned(),
        format!("/api/tickets/{}", visit.ticket),
        "/api/reports?cell=a".to_owned(),
        format!("/api/reports/{}", visit.ticket),
        "/tiles/reports/0/0/0".to_owned(),
    ];
    for by in &others {
        for path in &paths {
            let answer = by.get(path).send().await.expect("it answers");
            let body = answer.bytes().await.expect("a body").to_vec();
            let body = String::from_utf8_lossy(&body).into_owned();
            for trace in [NAME, PHONE, "独居老人", "living_alone", &lng] {
                assert!(!body.contains(trace), "{path}: {trace}");
            }
        }
        let recorded = by.ask(&record(&visit, VisitResult::Met)).await;
        assert!([Kind::Missing, Kind::Forbidden].contains(&kind(recorded)));
    }
    let cell = care.service.nobody().get("/api/cells/a").send().await.expect("it answers");
    let cell: serde_json::Value = cell.json().await.expect("JSON");
    assert_eq!(cell["reports"].as_i64(), Some(0), "it is counted for nobody");
    // Those who may see it find no name in a list.
    let seen = ListHouseholds { cell: Some("P".to_owned()), ..ListHouseholds::default() };
    for by in [&care.member, &care.cast.dispatcher] {
        let list = by.ask(&seen).await.expect("a list");
        assert_eq!(list.iter().map(|one| one.id).collect::<Vec<_>>(), [household.id]);
        let told = serde_json::to_string(&(list, due(by).await)).expect("JSON");
        assert!(!told.contains(NAME) && !told.contains(PHONE) && !told.contains("402"));
        let tickets = by.ask(&ListTickets::default()).await.expect("a list");
        assert_eq!(tickets.len(), 1);
    }
    let reports = care.cast.dispatcher.ask(&ListReports::default()).await.expect("a list");
    assert!(reports.iter().all(|report| !report.text.contains(NAME)));
    for line in care.service.logs.everything() {
        assert!(!line.contains(NAME) && !line.contains(PHONE) && !line.contains("菜价"), "{line}");
    }
    care.service.finish().await;
}
