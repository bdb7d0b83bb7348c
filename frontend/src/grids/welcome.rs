//! What the panel says before anything is asked: which edition this is, and what to do.

use crate::ask::Face;
use crate::figures;
use crate::map::state::Screen;
use crate::ui::face::faces;
use crate::words::Phrase;
use domain::grids::Edition;
use leptos::prelude::*;

/// The panel while nothing is selected.
#[component]
pub fn Welcome(screen: Screen) -> impl IntoView {
    faces(screen.words, screen.editions, move |_| match screen.edition() {
        Some(edition) => shown(screen, edition).into_any(),
        None => empty(screen).into_any(),
    })
}

/// No edition has cells: how to get some.
fn empty(screen: Screen) -> impl IntoView {
    let words = screen.words;
    view! {
        <article class="answer" id="no-edition">
            <header class="answer-head"><h2>{words.say(Phrase::EditionEmptyTitle)}</h2></header>
            <p class="block">{words.say(Phrase::EditionEmpty)}</p>
            <pre class="block"><code>
                "wangge grids import cells.geojson --code CODE\nwangge demo"
            </code></pre>
        </article>
    }
}

fn shown(screen: Screen, edition: Edition) -> impl IntoView {
    let words = screen.words;
    let figure = |number: i64, of: Phrase| {
        view! {
            <div><dt>{words.say(of)}</dt><dd>{figures::grouped(number)}</dd></div>
        }
    };
    let number = edition.id.to_string();
    let published = figures::minute(&edition.published_at);
    let source = edition.source.clone();
    view! {
        <article class="answer welcome">
            <header class="answer-head">
                <h2>{words.say(Phrase::WelcomeTitle)}</h2>
                <p class="lead">{words.say(Phrase::Welcome)}</p>
            </header>
            <dl class="block figures">
                {figure(edition.cells, Phrase::CountCells)}
                {figure(edition.blank_zones, Phrase::CountZones)}
                {figure(edition.problems, Phrase::CountProblems)}
            </dl>
            <p class="block note">
                {move || words.now().fill(Phrase::EditionOf, &[&number])}" · "
                {move || words.now().fill(Phrase::EditionPublished, &[&published])}<br/>
                {move || words.now().fill(Phrase::EditionFrom, &[&source])}
            </p>
            <section class="block keys">
                <h3>{words.say(Phrase::ShortcutsTitle)}</h3>
                <p>
                    <kbd>"/"</kbd>" "{words.say(Phrase::ShortcutSearch)}
                    <kbd>"Enter"</kbd>" "{words.say(Phrase::ShortcutEnter)}
                    <kbd>"Esc"</kbd>" "{words.say(Phrase::ShortcutEscape)}
                </p>
            </section>
        </article>
    }
}

/// Says that an older edition is drawn, and leads back.
#[component]
pub fn OldEdition(screen: Screen) -> impl IntoView {
    let words = screen.words;
    let old = move || {
        let newest = screen.editions.face.with(|face| match face {
            Face::Full(all) => all.first().map(|edition| edition.id.0),
            _ => None,
        });
        screen.address().edition.filter(|wanted| Some(*wanted) != newest)
    };
    view! {
        <Show when=move || old().is_some()>
            <p class="chip" role="status">
                {words.say(Phrase::EditionOld)}
                <button class="link" on:click=move |_| screen.change(true, |a| a.edition = None)>
                    {words.say(Phrase::EditionNow)}
                </button>
            </p>
        </Show>
    }
}
