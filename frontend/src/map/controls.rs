//! Buttons on the map: nearer, farther, all of it, where I am.

use crate::map::state::Screen;
use crate::ui::icon::{Icon, icon};
use crate::words::Phrase;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{Position, PositionOptions};

/// The column of buttons.
#[component]
pub fn Controls(screen: Screen) -> impl IntoView {
    let words = screen.words;
    let failed = RwSignal::new(false);
    let whole = move |_| {
        if let Some(edition) = untrack(|| screen.edition()) {
            screen.canvas.fit(edition.bounds, false);
        }
    };
    view! {
        <div class="controls">
            <Show when=move || failed.get()>
                <p class="chip" role="alert">
                    {words.say(Phrase::MyPlaceFailed)}
                    <button class="icon-button" aria-label=words.say(Phrase::Close)
                            on:click=move |_| failed.set(false)>{icon(Icon::Close)}</button>
                </p>
            </Show>
            <button class="control" aria-label=words.say(Phrase::MyPlace)
                    title=words.say(Phrase::MyPlace) on:click=move |_| find_me(screen, failed)>
                {icon(Icon::Target)}
            </button>
            <button class="control" aria-label=words.say(Phrase::WholeArea)
                    title=words.say(Phrase::WholeArea) on:click=whole>{icon(Icon::Whole)}</button>
            <span class="pair">
                <button class="control" aria-label=words.say(Phrase::ZoomIn)
                        title=words.say(Phrase::ZoomIn)
                        on:click=move |_| screen.canvas.zoom(true)>{icon(Icon::Plus)}</button>
                <button class="control" aria-label=words.say(Phrase::ZoomOut)
                        title=words.say(Phrase::ZoomOut)
                        on:click=move |_| screen.canvas.zoom(false)>{icon(Icon::Minus)}</button>
            </span>
        </div>
    }
}

/// Asks the device where it is, and the server who answers there, doubt included.
fn find_me(screen: Screen, failed: RwSignal<bool>) {
    failed.set(false);
    let Ok(device) = window().navigator().geolocation() else {
        failed.set(true);
        return;
    };
    let found = Closure::once_into_js(move |position: Position| {
        let place = position.coords();
        screen.ask_about(place.longitude(), place.latitude(), Some(place.accuracy().round()));
        screen.canvas.go(place.longitude(), place.latitude(), 16.0);
    });
    let lost = Closure::once_into_js(move |_: JsValue| failed.set(true));
    let options = PositionOptions::new();
    options.set_enable_high_accuracy(true);
    options.set_timeout(15_000);
    let asked = device.get_current_position_with_error_callback_and_options(
        found.unchecked_ref(),
        Some(lost.unchecked_ref()),
        &options,
    );
    if asked.is_err() {
        failed.set(true);
    }
}
