//! The answer to a click: who is responsible, why, how near the border is, whom to call.

use crate::figures;
use crate::grids::why;
use crate::map::state::Screen;
use crate::people::contacts::contacts;
use crate::ui::face::faces;
use crate::ui::icon::{Icon, icon};
use crate::words::Phrase;
use domain::grids::{Basis, Located, Share, ShowCell};
use leptos::prelude::*;

/// What nouns to the right put into a panel.
#[derive(Clone, Copy)]
pub struct Inside {
    /// A form about the place, while one is open.
    pub form: fn(Screen) -> AnyView,
    /// What belongs to the cell with this code.
    pub of_cell: fn(Screen, String) -> AnyView,
}

/// The panel for a place asked about.
#[component]
pub fn PlacePanel(screen: Screen, inside: Inside) -> impl IntoView {
    faces(screen.words, screen.located, move |located| answer(screen, inside, located))
}

fn answer(screen: Screen, inside: Inside, located: Located) -> impl IntoView {
    let words = screen.words;
    let basis = located.basis;
    let basis_class = format!("basis {}", domain::word::Word::code(basis));
    let code = located.cell.clone();
    let outside = basis == Basis::Outside;
    let title = if outside { String::new() } else { located.name.clone() };
    let reason = located.clone();
    let shares = located.shares.clone();
    let zone = located.blank_zone.clone();
    let name = located.name.clone();
    view! {
        <article class="answer">
            <header class="answer-head">
                <p class=basis_class data-basis=domain::word::Word::code(basis)>
                    {icon(why::mark(basis))}
                    {move || words.now().word(basis)}
                </p>
                <h2 id="responsible">
                    {move || if title.is_empty() {
                        words.now().say(Phrase::DutyDesk).to_owned()
                    } else {
                        title.clone()
                    }}
                </h2>
                {code.clone().map(|code| {
                    let nearest = located.name.clone();
                    view! {
                        <p class="code">
                            {outside.then(|| view! {
                                {words.say(Phrase::NearestCell)}" "{nearest}" "
                            })}
                            <span id="responsible-code">{code}</span>
                        </p>
                    }
                })}
                {(!outside).then(|| parents(screen, located.parents.clone()))}
            </header>
            <Show when=move || !screen.reporting.get()
                  fallback=move || (inside.form)(screen)>
                <section class="block">
                    <h3>{words.say(Phrase::Why)}</h3>
                    {zone.clone().map(|zone| view! {
                        <p class="zone-tag">
                            <span class="swatch zone" aria-hidden="true"></span>
                            {move || words.now().fill(Phrase::Zone, &[&zone.zone.to_string()])}
                        </p>
                    })}
                    <p id="why">{
                        let reason = reason.clone();
                        move || why::sentence(&reason, words.now())
                    }</p>
                </section>
                {why::distances(words, &reason)}
                {contacts(words, &reason.contacts)}
                {accuracy(screen, shares.clone())}
                {coordinate(screen)}
                {code.clone().map(|code| {
                    let shown = code.clone();
                    view! {
                        <p class="row">
                            <button class="link" on:click=move |_| screen.show_cell(&shown)>
                                {words.say(Phrase::ShowCellPanel)}" "{name.clone()}
                            </button>
                        </p>
                        {(inside.of_cell)(screen, code)}
                    }
                })}
            </Show>
        </article>
        <Show when=move || !screen.reporting.get()>
            <footer class="actions">
                <button class="button primary" id="report-here"
                        on:click=move |_| screen.reporting.set(true)>
                    {icon(Icon::Note)}{words.say(Phrase::ReportHere)}
                </button>
                <CopyLink screen/>
            </footer>
        </Show>
    }
}

/// The cells above, the highest first, by name; each leads to that cell.
pub fn parents(screen: Screen, codes: Vec<String>) -> Option<impl IntoView + use<>> {
    let links = codes.into_iter().rev().map(|code| {
        let asked = {
            let code = code.clone();
            crate::ask::use_asked(move || Some(ShowCell { code: code.clone() }))
        };
        let fallback = code.clone();
        let name = move || match asked.face.get() {
            crate::ask::Face::Full(cell) => cell.name,
            _ => fallback.clone(),
        };
        view! {
            <li><button class="link" on:click=move |_| screen.show_cell(&code)>{name}</button></li>
        }
    });
    let links: Vec<_> = links.collect();
    (!links.is_empty()).then(|| view! {
        <nav class="parents" aria-label=screen.words.say(Phrase::CellAbove)><ol>{links}</ol></nav>
    })
}

/// How exact the position is, and which cells it may lie in.
fn accuracy(screen: Screen, shares: Vec<Share>) -> impl IntoView {
    const CHOICES_M: [f64; 4] = [10.0, 30.0, 50.0, 100.0];
    let words = screen.words;
    let now_m = move || screen.address().at.and_then(|at| at.accuracy_m);
    let choose = move |event: web_sys::Event| {
        let accuracy_m = event_target_value(&event).parse().ok();
        screen.change(false, |address| {
            if let Some(at) = &mut address.at {
                at.accuracy_m = accuracy_m;
            }
        });
    };
    let odd_m = now_m().filter(|metres| !CHOICES_M.contains(metres));
    let choices = CHOICES_M.into_iter().chain(odd_m).map(|metres| {
        view! {
            <option value=metres.to_string() selected=move || now_m() == Some(metres)>
                {move || words.now().fill(Phrase::AccuracyMetres, &[&format!("{metres:.0}")])}
            </option>
        }
    });
    let bars = shares.into_iter().map(|share| {
        let width = format!("width:{:.1}%", share.share * 100.0);
        view! {
            <li>
                <span class="share-name">{share.name}</span>
                <b>{figures::share(share.share)}</b>
                <i><i style=width></i></i>
            </li>
        }
    });
    let bars: Vec<_> = bars.collect();
    view! {
        <section class="block">
            <label class="row spread">
                <span>{words.say(Phrase::Accuracy)}</span>
                <select id="accuracy" on:change=choose>
                    <option value="" selected=move || now_m().is_none()>
                        {words.say(Phrase::AccuracyNone)}
                    </option>
                    {choices.collect_view()}
                </select>
            </label>
            {(!bars.is_empty()).then(|| view! {
                <h3>{words.say(Phrase::Shares)}</h3>
                <ul class="shares" title=words.say(Phrase::SharesNote)>{bars}</ul>
            })}
        </section>
    }
}

fn coordinate(screen: Screen) -> impl IntoView {
    let said = move || {
        screen.address().at.map(|at| figures::coordinate(at.lng, at.lat)).unwrap_or_default()
    };
    view! {
        <section class="block row spread coordinate">
            <span>{screen.words.say(Phrase::Coordinate)}" "<small>"CGCS2000"</small></span>
            <output>{said}</output>
        </section>
    }
}

/// Copies the address: whoever opens it sees the same.
#[component]
fn CopyLink(screen: Screen) -> impl IntoView {
    let done = RwSignal::new(false);
    let copy = move |_| {
        let Ok(href) = window().location().href() else { return };
        // Where the clipboard is closed to us, the address bar still shows the link.
        let _ = window().navigator().clipboard().write_text(&href);
        done.set(true);
    };
    view! {
        <button class="button" on:click=copy>
            {move || icon(if done.get() { Icon::Done } else { Icon::Link })}
            {move || {
                let phrase = if done.get() { Phrase::Copied } else { Phrase::CopyLink };
                screen.words.now().say(phrase)
            }}
        </button>
    }
}
