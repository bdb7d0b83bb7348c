//! Journeys without a mouse.

use crate::desk::{locate, view};
use crate::page::Page;
use crate::town::Town;
use domain::grids::ShowCell;
use fantoccini::key::Key;

const ENTER: char = '\u{e007}';
const DOWN: char = '\u{e015}';

#[tokio::test(flavor = "multi_thread")]
async fn code_person_and_coordinate_are_found_by_keyboard_alone() {
    let town = Town::open().await;
    let strip = town.strips[0];
    let expected = locate(&town.service, strip).await;
    let code = expected.cell.clone().expect("a cell");
    assert_eq!(char::from(Key::Enter), ENTER);
    assert_eq!(char::from(Key::Down), DOWN);
    let page = Page::on_a_desk(&town.service.url).await;
    page.goto("/map").await;

    // A code.
    page.types("/").await;
    page.until("document.activeElement?.id === 'search'").await;
    page.types(&code).await;
    page.reads("#hit-0", &expected.name).await;
    page.types(&ENTER.to_string()).await;
    page.reads("#responsible-code", &code).await;
    page.until("document.activeElement?.closest('#map')").await;
    assert!(page.address().await.contains(&format!("cell={code}")));

    // The person who leads it.
    let cell = town.service.ask(&ShowCell { code: code.clone() }).await.expect("the cell");
    let leader = &cell.contacts[0].name;
    page.types("/").await;
    page.until("document.activeElement?.id === 'search'").await;
    page.value("document.activeElement.select()").await;
    page.types(leader).await;
    page.until("document.querySelector('#hit-0 .hit-kind')?.textContent === '人员'").await;
    page.reads("#hit-0", leader).await;

    // A coordinate, chosen with the arrow keys from a list of one.
    page.value("document.activeElement.select()").await;
    page.types(&format!("{}, {}", strip.0, strip.1)).await;
    page.until("document.querySelector('#hit-0 .hit-kind')?.textContent === '坐标'").await;
    page.types(&format!("{DOWN}{ENTER}")).await;
    page.reads("#why", "空白地带").await;
    page.reads("#responsible", &expected.name).await;
    page.close().await;
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn enter_asks_about_the_place_under_the_cross_and_escape_lets_go() {
    let town = Town::open().await;
    let page = Page::on_a_desk(&town.service.url).await;
    page.goto(&view(16.0, town.strips[0])).await;
    page.value("document.querySelector('#map canvas').focus()").await;
    page.types(&ENTER.to_string()).await;
    page.until("document.querySelector('#responsible-code')?.textContent.length > 3").await;
    let address = page.address().await;
    let at = address.split("&at=").nth(1).expect("the place is in the address");
    let figures: Vec<f64> =
        at.split(['&', ',']).take(2).map(|n| n.parse().expect("a number")).collect();
    let (x, y) = page.pixel((figures[0], figures[1])).await;
    let cross = page
        .value(
            "(b => [b.left + b.width / 2, b.top + b.height / 2])\
             (document.querySelector('.cross').getBoundingClientRect())",
        )
        .await;
    let (cross_x, cross_y) = (cross[0].as_f64().expect("x"), cross[1].as_f64().expect("y"));
    assert!((x - cross_x).abs() < 2.0 && (y - cross_y).abs() < 2.0, "{x},{y} and {cross}");
    page.types("\u{e00c}").await;
    page.until("!location.search.includes('at=')").await;
    page.until("document.querySelector('.welcome')").await;
    page.close().await;
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tab_key_reaches_everything_and_shows_where_it_is() {
    let town = Town::open().await;
    let page = Page::on_a_desk(&town.service.url).await;
    page.goto("/map").await;
    let mut reached = Vec::new();
    for _ in 0..30 {
        page.types("\u{e004}").await;
        let here = "(e => [e.id || e.className || e.tagName, \
                    getComputedStyle(e.closest('.search') ?? e).outlineStyle !== 'none' \
                    || getComputedStyle(e.closest('.search') ?? e).boxShadow !== 'none' \
                    || !!e.closest('#map')])(document.activeElement)";
        let here = page.value(here).await;
        let name = here[0].as_str().expect("a name").to_owned();
        if name == "BODY" {
            continue; // After the last, before the first again.
        }
        assert_eq!(here[1], true, "{name} does not show the focus");
        reached.push(name);
    }
    for wanted in ["search", "language", "account", "layers", "layer-zones", "control"] {
        assert!(reached.iter().any(|name| name == wanted), "{wanted} is not in {reached:?}");
    }
    page.close().await;
    town.finish().await;
}
