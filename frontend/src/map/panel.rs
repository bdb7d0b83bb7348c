//! The panel: beside the map on a desk, below it on a phone; never over what was clicked.

use crate::grids::cell::CellPanel;
use crate::grids::place::{Inside, PlacePanel};
use crate::grids::welcome::Welcome;
use crate::map::state::Screen;
use crate::reports::form::ReportForm;
use crate::reports::list::ReportList;
use crate::ui::icon::{Icon, icon};
use crate::words::Phrase;
use leptos::prelude::*;

/// What reports put into the panels of places and cells.
const REPORTS: Inside = Inside {
    form: |screen| view! { <ReportForm screen/> }.into_any(),
    of_cell: |screen, cell| view! { <ReportList screen cell/> }.into_any(),
};

/// The panel with what was asked for, or the welcome.
#[component]
pub fn Panel(screen: Screen) -> impl IntoView {
    let words = screen.words;
    let tall = RwSignal::new(false);
    let asked = Memo::new(move |_| {
        let address = screen.address();
        (address.at.is_some(), address.cell.is_some())
    });
    let selected = move || asked.get() != (false, false);
    let label =
        move || words.now().say(if tall.get() { Phrase::LessRoom } else { Phrase::MoreRoom });
    view! {
        <aside class="panel" id="panel" class:asked=selected
               class:tall=move || tall.get() || screen.reporting.get()
               aria-label=words.say(Phrase::WhoAnswers)>
            <button class="grip" aria-label=label aria-expanded=move || tall.get().to_string()
                    on:click=move |_| tall.update(|tall| *tall = !*tall)><i></i></button>
            <Show when=selected>
                <button class="icon-button close" id="close" aria-label=words.say(Phrase::Close)
                        on:click=move |_| screen.let_go()>{icon(Icon::Close)}</button>
            </Show>
            <div class="panel-body" aria-live="polite">
                {move || match asked.get() {
                    (true, _) => view! { <PlacePanel screen inside=REPORTS/> }.into_any(),
                    (false, true) => view! { <CellPanel screen inside=REPORTS/> }.into_any(),
                    (false, false) => view! { <Welcome screen/> }.into_any(),
                }}
            </div>
        </aside>
    }
}
