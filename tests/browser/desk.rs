//! Journeys of a dispatcher at a desk.

use crate::page::Page;
use crate::town::Town;
use domain::grids::{Basis, Locate, Located};
use domain::place::Datum;
use domain::word::Word;
use support::Service;

/// Well outside the district, over the lake.
pub const FAR_AWAY: (f64, f64) = (120.66, 31.21);

pub async fn locate(service: &Service, (lng, lat): (f64, f64)) -> Located {
    let question = Locate { lng, lat, datum: Datum::Cgcs2000, accuracy_m: None };
    service.ask(&question).await.expect("every place has an answer")
}

/// The address of a view on a place.
pub fn view(zoom: f64, (lng, lat): (f64, f64)) -> String {
    format!("/map?view={zoom},{lng},{lat}")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dispatcher_clicks_between_two_walls_and_reads_the_cell_and_the_rule() {
    let town = Town::open().await;
    let strip = town.strips[0];
    let expected = locate(&town.service, strip).await;
    assert_eq!(expected.basis, Basis::BlankZone, "the strip is blank");
    let zone = expected.blank_zone.clone().expect("a blank zone");

    let page = Page::on_a_desk(&town.service.url).await;
    page.goto(&view(18.5, strip)).await;
    page.click_at(strip).await;
    page.reads("#responsible", &expected.name).await;
    assert_eq!(page.text("#responsible-code").await, expected.cell.expect("a cell"));
    assert_eq!(page.text(".basis").await, Basis::BlankZone.zh());
    let why = page.text("#why").await;
    assert!(why.contains(&zone.zone.to_string()) && why.contains(zone.rule.zh()), "{why}");
    let first = page.text(".contact").await;
    assert!(first.contains(&expected.contacts[0].name), "{first}");
    let neighbour = page.text("#neighbour").await;
    assert!(neighbour.contains(&expected.neighbour.expect("a neighbour").name), "{neighbour}");
    assert!(page.address().await.contains("&at="), "{}", page.address().await);
    page.close().await;
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn far_outside_the_duty_desk_answers() {
    let town = Town::open().await;
    let page = Page::on_a_desk(&town.service.url).await;
    page.goto(&view(13.0, FAR_AWAY)).await;
    page.click_at(FAR_AWAY).await;
    page.reads("#responsible", "中心值班台").await;
    let outside = page.value("document.querySelector('.basis').dataset.basis").await;
    assert_eq!(outside, "outside");
    assert!(!page.text(".contact").await.is_empty());
    page.close().await;
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn layers_and_view_come_back_when_the_page_is_loaded_again() {
    let town = Town::open().await;
    let page = Page::on_a_desk(&town.service.url).await;
    page.goto(&view(15.5, town.strips[0])).await;
    page.press("label[for=layer-problems]").await;
    page.press("label[for=layer-zones]").await;
    page.until("location.search.includes('layers=')").await;
    let before = page.address().await;
    assert!(before.contains("layers=reports.problems.cells.labels.base"), "{before}");
    let at_rest = "(m => [m.getZoom(), m.getCenter().lng, m.getCenter().lat].map(n => \
                   n.toFixed(3)).join())(document.querySelector('#map').map)";
    let looked = page.value(at_rest).await;

    page.reload().await;
    assert_eq!(page.address().await, before);
    assert_eq!(page.value(at_rest).await, looked);
    let layer = |id: &str, property: &str| {
        format!("document.querySelector('#map').map.getLayoutProperty('{id}', '{property}')")
    };
    assert_eq!(page.value(&layer("zone-hatch", "visibility")).await, "none");
    assert_eq!(page.value(&layer("problem-area", "visibility")).await, "visible");
    assert_eq!(page.value("document.querySelector('#layer-zones').checked").await, false);
    page.close().await;
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_language_switches_everything_and_stays_in_the_address() {
    let town = Town::open().await;
    let strip = town.strips[0];
    let expected = locate(&town.service, strip).await;
    let page = Page::on_a_desk(&town.service.url).await;
    page.goto(&format!("{}&at={},{}", view(17.0, strip), strip.0, strip.1)).await;
    page.reads("#report-here", "在此上报").await;
    page.press("#language").await;
    page.reads("#report-here", "Report here").await;
    assert_eq!(page.text(".basis").await, Basis::BlankZone.en());
    assert_eq!(page.value("document.documentElement.lang").await, "en");
    assert_eq!(page.value("document.title").await, "Grid map · Wangge");
    let rule = expected.blank_zone.expect("a blank zone").rule;
    assert!(page.text("#why").await.contains(rule.en()));
    let chinese = "/[\\u4e00-\\u9fff]/.test(document.querySelector('.legend').innerText)";
    assert_eq!(page.value(chinese).await, false);
    page.reload().await;
    page.reads("#report-here", "Report here").await;
    page.close().await;
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_gets_a_number_and_somebody_to_call_and_who_is_signed_in_reads_it() {
    let town = Town::open().await;
    let strip = town.strips[0];
    let expected = locate(&town.service, strip).await;
    let page = Page::on_a_desk(&town.service.url).await;
    page.goto(&format!("{}&at={},{}", view(17.0, strip), strip.0, strip.1)).await;
    page.press("#report-here").await;
    page.until("document.activeElement?.id === 'report-text'").await;
    page.types("A pile between two walls").await;
    page.press("#send-report").await;
    page.reads("#report-number", "号上报").await;
    page.reads(".taken", &expected.name).await;
    page.reads(".taken .contact", &expected.contacts[0].name).await;
    page.until(
        "/^[0-9A-Z]{4}(-[0-9A-Z]{1,4}){3,}$/.test(\
        document.querySelector('#tracking-code').innerText)",
    )
    .await;
    // The event stream marks it on the map without a reload.
    page.until(
        "document.querySelector('#map').map.getSource('fresh')?\
         .serialize().data.features.length === 1",
    )
    .await;

    page.press("#account").await;
    page.until("document.activeElement?.id === 'login'").await;
    page.types("dispatcher").await;
    page.press("#password").await;
    page.types("wangge-demo").await;
    page.press(".dialog .primary").await;
    page.until("!document.querySelector('.dialog').open").await;
    page.press(".taken .primary").await;
    page.reads(".reports .report-text", "A pile between two walls").await;
    page.close().await;
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_answered_with_the_servers_own_sentence() {
    let service = Town::before_any_import().await;
    let page = Page::on_a_desk(&service.url).await;
    page.goto("/map").await;
    page.press("#account").await;
    page.until("document.activeElement?.id === 'login'").await;
    page.types("nobody").await;
    page.press("#password").await;
    page.types("wrong").await;
    page.press(".dialog .primary").await;
    page.until("document.querySelector('.dialog .refusal')?.textContent.length > 5").await;
    page.close().await;
    service.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn before_any_import_the_map_says_how_to_begin() {
    let service = Town::before_any_import().await;
    let page = Page::on_a_desk(&service.url).await;
    page.goto("/").await;
    page.reads("#no-edition", "wangge grids import").await;
    assert!(page.address().await.starts_with("/map"), "{}", page.address().await);
    page.click_at((120.6, 31.3)).await;
    page.reads("#responsible", "中心值班台").await;
    page.close().await;
    service.finish().await;
}
