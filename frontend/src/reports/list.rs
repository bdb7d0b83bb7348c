//! The reports of a cell, newest first, for those who may read them.

use crate::ask::{Face, use_asked};
use crate::figures;
use crate::map::state::Screen;
use crate::ui::face::waiting;
use crate::words::Phrase;
use domain::call::Call;
use domain::ids::ReportId;
use domain::reports::{ListReports, Report};
use leptos::prelude::*;

/// Reports on a page of the list.
const PAGE: u16 = 20;

/// The list, page by page.
#[component]
pub fn ReportList(screen: Screen, cell: String) -> impl IntoView {
    let words = screen.words;
    let me = screen.session.me;
    let may = move || {
        let role = me.get().map(|me| me.role);
        ListReports::WHO.lets(role)
    };
    let before = RwSignal::new(None::<ReportId>);
    let read = RwSignal::new(Vec::<Report>::new());
    let page = use_asked(move || {
        may().then(|| ListReports {
            cell: Some(cell.clone()),
            before: before.get(),
            limit: Some(PAGE),
            ..ListReports::default()
        })
    });
    let more = RwSignal::new(false);
    Effect::new(move |_| {
        if let Face::Full(reports) = page.face.get() {
            more.set(reports.len() == usize::from(PAGE));
            read.update(|read| {
                if before.get_untracked().is_none() {
                    read.clear();
                }
                read.extend(reports);
            });
        }
    });
    let last = move || read.with_untracked(|read| read.last().map(|report| report.id));
    view! {
        <section class="block reports">
            <h3>{words.say(Phrase::ReportsTitle)}</h3>
            <Show when=may fallback=move || view! {
                <p class="note">
                    {words.say(Phrase::ReportsSignIn)}" "
                    <button class="link" on:click=move |_| screen.session.open.set(true)>
                        {words.say(Phrase::SignIn)}
                    </button>
                </p>
            }>
                <ol>{move || read.get().into_iter().map(|r| row(screen, r)).collect_view()}</ol>
                {move || match page.face.get() {
                    Face::Waiting => waiting(words).into_any(),
                    Face::Refused(refusal) => view! {
                        <p class="refusal" role="alert">
                            {move || words.now().both(&refusal.message)}
                        </p>
                    }.into_any(),
                    Face::Full(_) if read.with(Vec::is_empty) => view! {
                        <p class="note">{words.say(Phrase::ReportsNone)}</p>
                    }.into_any(),
                    _ => ().into_any(),
                }}
                <Show when=move || more.get()>
                    <button class="button" on:click=move |_| before.set(last())>
                        {words.say(Phrase::ReportsMore)}
                    </button>
                </Show>
            </Show>
        </section>
    }
}

fn row(screen: Screen, report: Report) -> impl IntoView {
    let words = screen.words;
    let (lng, lat, channel) = (report.lng, report.lat, report.channel);
    let text = report.text.clone();
    view! {
        <li>
            <button class="report" on:click=move |_| screen.canvas.go(lng, lat, 17.0)>
                <span class="report-text">
                    {move || if text.is_empty() {
                        words.now().say(Phrase::ReportNoText).to_owned()
                    } else {
                        text.clone()
                    }}
                </span>
                <span class="report-facts">
                    <time datetime=report.happened_at.clone()>
                        {figures::minute(&report.happened_at)}
                    </time>
                    <span>{move || words.now().word(channel)}</span>
                    <span class="number">{format!("#{}", report.id)}</span>
                </span>
            </button>
        </li>
    }
}
