//! A cell: its size, its people, its blank zones, its reports.

use crate::figures;
use crate::grids::place::{Inside, parents};
use crate::map::state::Screen;
use crate::people::contacts::contacts;
use crate::ui::face::faces;
use crate::ui::icon::{Icon, icon};
use crate::words::Phrase;
use domain::grids::Cell;
use leptos::prelude::*;

/// The panel for a cell chosen by name.
#[component]
pub fn CellPanel(screen: Screen, inside: Inside) -> impl IntoView {
    faces(screen.words, screen.cell, move |cell| answer(screen, inside, cell))
}

fn answer(screen: Screen, inside: Inside, cell: Cell) -> impl IntoView {
    let words = screen.words;
    let level = match cell.level {
        1 => Phrase::LevelOne,
        2 => Phrase::LevelTwo,
        _ => Phrase::LevelThree,
    };
    let bounds = cell.bounds;
    let area_m2 = cell.area_m2;
    view! {
        <article class="answer">
            <header class="answer-head">
                <p class="basis cell">{icon(Icon::Cell)}{words.say(level)}</p>
                <h2 id="responsible">{cell.name.clone()}</h2>
                <p class="code" id="responsible-code">{cell.code.clone()}</p>
                {parents(screen, cell.parent.iter().cloned().collect())}
            </header>
            <dl class="block figures">
                <div>
                    <dt>{words.say(Phrase::CellArea)}</dt>
                    <dd>{move || figures::area(area_m2, words.now())}</dd>
                </div>
                <div>
                    <dt>{words.say(Phrase::CellReports)}</dt>
                    <dd>{figures::grouped(cell.reports)}</dd>
                </div>
                <div>
                    <dt>{words.say(Phrase::CellZones)}</dt>
                    <dd>{figures::grouped(cell.blank_zones)}</dd>
                </div>
            </dl>
            {contacts(words, &cell.contacts)}
            {(inside.of_cell)(screen, cell.code)}
        </article>
        <footer class="actions">
            <button class="button" on:click=move |_| screen.canvas.fit(bounds, false)>
                {icon(Icon::Whole)}{words.say(Phrase::ZoomToCell)}
            </button>
        </footer>
    }
}
