//! The map screen: bar, map, panel, legend.

use crate::grids::legend::Legend;
use crate::grids::search::SearchBox;
use crate::grids::welcome::OldEdition;
use crate::map::controls::Controls;
use crate::map::drawing::draw;
use crate::map::panel::Panel;
use crate::map::state::Screen;
use crate::people::sign_in::{Account, SignInDialog};
use crate::ui::on_key;
use crate::words::Phrase;
use leptos::prelude::*;

/// Below this width in CSS pixels the panel comes from below.
const PHONE_PX: f64 = 760.0;

/// The screen.
#[component]
pub fn MapScreen() -> impl IntoView {
    let screen = Screen::new();
    let words = screen.words;
    let element = NodeRef::<leptos::html::Div>::new();
    let (failed, set_failed) = signal(false);
    draw(screen, element, set_failed);
    Effect::new(move |_| words.title_page(Phrase::Title));
    on_key(move |event| {
        if event.key() == "Escape" && !crate::ui::is_typed(&event) {
            if screen.reporting.get_untracked() {
                screen.reporting.set(false);
            } else {
                screen.let_go();
            }
        }
    });
    let ask_here = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Enter"
            && let Some((lng, lat)) = screen.canvas.middle()
        {
            screen.ask_about(lng, lat, None);
        }
    };
    let wide = window().inner_width().ok().and_then(|px| px.as_f64()).unwrap_or(0.0) >= PHONE_PX;
    let legend = RwSignal::new(wide);
    view! {
        <a class="skip" href="#map">{words.say(Phrase::SkipToMap)}</a>
        <header class="bar" id="top">
            <span class="brand"><img src="/assets/icon.svg" alt="" width="28" height="28"/>
                <b class="wide">{words.say(Phrase::Product)}</b></span>
            <SearchBox screen/>
            <LiveMark screen/>
            <button class="bar-button" id="language"
                    on:click=move |_| screen.change(true, |a| a.language = a.language.other())>
                {words.say(Phrase::SwitchLanguage)}
            </button>
            <Account screen/>
        </header>
        <main>
            <div class="map" id="map" node_ref=element tabindex="-1"
                 aria-label=words.say(Phrase::MapLabel) on:keydown=ask_here></div>
            <div class="cross" id="cross" aria-hidden="true"></div>
            <Show when=move || failed.get()>
                <p class="no-map" role="alert">{words.say(Phrase::NoWebGl)}</p>
            </Show>
            <Panel screen/>
            <div class="right">
                <Legend screen open=legend/>
                <Controls screen/>
            </div>
            <div class="chips"><OldEdition screen/></div>
        </main>
        <SignInDialog screen/>
    }
}

/// Whether the map is kept up to date, and what came in.
#[component]
fn LiveMark(screen: Screen) -> impl IntoView {
    let words = screen.words;
    let live = screen.live;
    let said = move || match (live.open.get(), live.count.get()) {
        (false, _) => words.now().say(Phrase::LiveLost).to_owned(),
        (true, 0) => words.now().say(Phrase::Live).to_owned(),
        (true, count) => words.now().fill(Phrase::LiveNew, &[&count.to_string()]),
    };
    view! {
        <span class="live wide" class:lost=move || !live.open.get() role="status">
            <i aria-hidden="true"></i>{said}
        </span>
    }
}
