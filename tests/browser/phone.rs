//! Journeys on a phone.

use crate::desk::{locate, view};
use crate::page::Page;
use crate::town::Town;

/// The narrowest phone we promise.
const NARROW_PX: u32 = 360;

/// Everything that can be pressed and is smaller than a thumb; links in running text excepted.
const SMALL: &str = "[...document.querySelectorAll('button:not(.link), input, select, label')] \
    .filter(e => e.offsetParent && !e.closest('.maplibregl-ctrl') && !e.matches('.grip') \
        && !e.matches('[role=switch]') && !(e.matches('label') && !e.querySelector('input'))) \
    .map(e => [e.id || e.className || e.tagName, e.getBoundingClientRect()]) \
    .filter(([, b]) => b.height < 43.5 && b.width > 0).map(([name]) => name).join()";

#[tokio::test(flavor = "multi_thread")]
async fn at_360_pixels_nothing_scrolls_sideways_and_the_place_stays_in_sight() {
    let town = Town::open().await;
    let strip = town.strips[0];
    let expected = locate(&town.service, strip).await;
    let page = Page::on_a_phone(&town.service.url, NARROW_PX).await;
    page.goto(&view(17.5, strip)).await;
    assert_eq!(page.value("innerWidth").await, 360);

    // Low on the screen, where the panel will come up.
    let low = page
        .value(
            "(p => [p.lng, p.lat])\
             (document.querySelector('#map').map.unproject([180, innerHeight * 0.62]))",
        )
        .await;
    let low = (low[0].as_f64().expect("degrees"), low[1].as_f64().expect("degrees"));
    page.click_at(low).await;
    page.until("document.querySelector('#responsible')").await;
    page.until(&format!(
        "document.querySelector('#map').map.project([{}, {}]).y \
         < document.querySelector('#panel').getBoundingClientRect().top - 20",
        low.0, low.1
    ))
    .await;
    let (x, y) = page.pixel(low).await;
    assert!(x > 0.0 && x < 360.0 && y > 56.0, "{x}, {y}");
    let sideways = "document.documentElement.scrollWidth <= innerWidth \
                    && document.body.scrollWidth <= innerWidth";
    assert_eq!(page.value(sideways).await, true);
    assert_eq!(page.value(SMALL).await, "", "too small for a thumb");

    page.goto(&format!("{}&at={},{}", view(17.5, strip), strip.0, strip.1)).await;
    page.reads("#responsible", &expected.name).await;
    page.press("#report-here").await;
    page.until("document.querySelector('#report-text')").await;
    assert_eq!(page.value(sideways).await, true);
    assert_eq!(page.value(SMALL).await, "", "too small for a thumb");
    page.close().await;
    town.finish().await;
}
