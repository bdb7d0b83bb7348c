//! Where the program begins: which screen an address leads to.

use crate::map::screen::MapScreen;
use crate::tickets::track::TrackScreen;
use crate::words::{Language, Phrase};
use leptos::prelude::*;
use leptos_router::components::{Redirect, Route, Router, Routes};
use leptos_router::hooks::use_query_map;
use leptos_router::path;
use wasm_bindgen::prelude::wasm_bindgen;

/// Mounts the program on the page.
#[wasm_bindgen(start)]
pub fn start() {
    leptos::mount::mount_to_body(App);
}

#[component]
fn App() -> impl IntoView {
    view! {
        <Router>
            <Routes fallback=Nowhere>
                <Route path=path!("/") view=|| view! { <Redirect path="/map"/> }/>
                <Route path=path!("/map") view=MapScreen/>
                <Route path=path!("/t") view=TrackScreen/>
                <Route path=path!("/t/:code") view=TrackScreen/>
            </Routes>
        </Router>
    }
}

#[component]
fn Nowhere() -> impl IntoView {
    let asked = use_query_map();
    let say = move |phrase: Phrase| {
        let english = asked.with(|query| query.get("lang").is_some_and(|lang| lang == "en"));
        if english { Language::En.say(phrase) } else { Language::Zh.say(phrase) }
    };
    view! {
        <main class="nowhere">
            <p>{move || say(Phrase::NoSuchPage)}</p>
            <a class="button" href="/map">{move || say(Phrase::ToMap)}</a>
        </main>
    }
}
