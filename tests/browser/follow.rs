//! Journeys of whoever reported something and follows it by the tracking code.

use crate::page::Page;
use crate::town::Town;
use domain::ids::TicketId;
use domain::tickets::{Action, Progress};
use domain::word::Word;
use support::tickets::{cast_in, dispatched, done, report, shown};

#[tokio::test(flavor = "multi_thread")]
async fn a_reporter_follows_rates_and_asks_to_reopen_by_the_code() {
    let (service, cast) = cast_in(Town::before_any_import().await).await;
    let taken = service.ask(&report(50_000)).await.expect("it is taken");
    let page = Page::on_a_phone(&service.url, 360).await;
    page.load("/t").await;
    page.press("#code").await;
    // However it was typed.
    page.types(&taken.code.replace('-', " ").to_lowercase()).await;
    page.press("#look").await;
    page.reads("#status", Progress::Received.zh()).await;
    assert!(page.address().await.contains("/t/"));

    let ticket = shown(&cast.dispatcher, TicketId(taken.report.0)).await;
    let ticket = dispatched(&cast, &ticket).await;
    page.load_again().await;
    page.reads("#status", &ticket.ticket.unit_name).await;
    let ticket = done(&cast.team.0, &ticket, Action::Accept).await;
    let ticket = done(&cast.team.0, &ticket, Action::FeedBack).await;
    let ticket = done(&cast.inspector, &ticket, Action::Confirm).await;
    done(&cast.dispatcher, &ticket, Action::Close).await;
    page.load_again().await;
    page.reads("#status", Progress::Done.zh()).await;
    page.reads(".steps", Progress::Handling.zh()).await;
    page.press("#stars-4").await;
    page.press("#rate .primary").await;
    page.reads("#rated", "4").await;
    page.until("!document.querySelector('#rate')").await;
    page.press("#reopen summary").await;
    page.press("#reopen-reason").await;
    page.types("The pile is back").await;
    page.press("#reopen .button").await;
    page.until("!document.querySelector('#reopen')").await;
    page.reads("#status", "已申请重新办理").await;
    let sideways = "document.documentElement.scrollWidth <= innerWidth";
    assert_eq!(page.value(sideways).await, true);

    page.press(".track-head .bar-button").await;
    page.reads("#status", Progress::Done.en()).await;
    assert_eq!(
        page.value("/[\\u4e00-\\u9fff]/.test(document.querySelector('#status b').innerText)").await,
        false
    );
    page.close().await;
    service.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_that_is_none_is_answered_with_a_sentence() {
    let (service, _) = cast_in(Town::before_any_import().await).await;
    let page = Page::on_a_desk(&service.url).await;
    page.load("/t/0000-0000-0000-1").await;
    page.until("document.querySelector('.refused p')?.innerText.trim().length > 5").await;
    assert_eq!(page.value("document.querySelectorAll('#status').length").await, 0);
    page.close().await;
    service.finish().await;
}
