//! The search: code, name, person or coordinate, all by keyboard.

use crate::ask::{Asked, Face, use_asked};
use crate::map::state::Screen;
use crate::ui::icon::{Icon, icon};
use crate::ui::{focus, is_typed, on_key};
use crate::words::Phrase;
use domain::grids::{Hit, HitKind, Search};
use leptos::prelude::*;
use std::time::Duration;

/// How long typing must rest before the server is asked.
const REST: Duration = Duration::from_millis(120);

/// What the search box knows.
#[derive(Clone, Copy)]
struct Field {
    typed: RwSignal<String>,
    asked_for: RwSignal<String>,
    hits: Asked<Vec<Hit>>,
    active: RwSignal<usize>,
    open: RwSignal<bool>,
}

impl Field {
    fn found(self) -> Vec<Hit> {
        self.hits.face.with(|face| if let Face::Full(hits) = face { hits.clone() } else { vec![] })
    }

    fn shut(self) {
        self.open.set(false);
        self.active.set(0);
    }

    fn clear(self) {
        self.typed.set(String::new());
        self.asked_for.set(String::new());
        self.shut();
    }

    fn choose(self, screen: Screen, hit: &Hit) {
        let [lng, lat] = hit.at;
        match (&hit.kind, &hit.cell) {
            (HitKind::Cell | HitKind::Person, Some(code)) => screen.show_cell(code),
            _ => {
                screen.ask_about(lng, lat, None);
                screen.canvas.go(lng, lat, 16.0);
            }
        }
        self.typed.set(hit.title.clone());
        self.shut();
        focus("map");
    }
}

/// The search box with its list.
#[component]
pub fn SearchBox(screen: Screen) -> impl IntoView {
    let words = screen.words;
    let asked_for = RwSignal::new(String::new());
    let state = Field {
        typed: RwSignal::new(String::new()),
        asked_for,
        hits: use_asked(move || {
            let text = asked_for.get();
            (!text.is_empty()).then_some(Search { text })
        }),
        active: RwSignal::new(0),
        open: RwSignal::new(false),
    };
    on_key(move |event| {
        if event.key() == "/" && !is_typed(&event) {
            event.prevent_default();
            focus("search");
        }
    });
    let typed = move |text: String| {
        state.typed.set(text.clone());
        state.open.set(!text.trim().is_empty());
        state.active.set(0);
        set_timeout(
            move || {
                if state.typed.try_get_untracked().as_ref() == Some(&text) {
                    state.asked_for.set(text.trim().chars().take(200).collect());
                }
            },
            REST,
        );
    };
    view! {
        <div class="search" role="search">
            {icon(Icon::Search)}
            <input id="search" type="text" role="combobox" autocomplete="off" spellcheck="false"
                   enterkeyhint="search" aria-autocomplete="list" aria-controls="hits"
                   maxlength="200"
                   aria-label=words.say(Phrase::SearchLabel)
                   placeholder=words.say(Phrase::SearchHint)
                   aria-expanded=move || state.open.get().to_string()
                   aria-activedescendant=move || format!("hit-{}", state.active.get())
                   prop:value=state.typed
                   on:input:target=move |event| typed(event.target().value())
                   on:focus=move |_| state.open.set(!state.typed.get_untracked().is_empty())
                   on:blur=move |_| state.open.set(false)
                   on:keydown=move |event| key(&event, state, screen)/>
            <kbd class="wide" aria-hidden="true">"/"</kbd>
            <Show when=move || !state.typed.get().is_empty()>
                <button class="icon-button" aria-label=words.say(Phrase::SearchClear)
                        on:click=move |_| { state.clear(); focus("search"); }>
                    {icon(Icon::Close)}
                </button>
            </Show>
            <Show when=move || state.open.get() && !state.asked_for.get().is_empty()>
                {hits(state, screen)}
            </Show>
        </div>
    }
}

fn key(event: &web_sys::KeyboardEvent, state: Field, screen: Screen) {
    let found = untrack(|| state.found());
    let active = state.active.get_untracked();
    match event.key().as_str() {
        "ArrowDown" => state.active.set((active + 1).min(found.len().saturating_sub(1))),
        "ArrowUp" => state.active.set(active.saturating_sub(1)),
        "Enter" if !event.is_composing() => {
            if let Some(hit) = found.get(active) {
                state.choose(screen, hit);
            }
        }
        "Escape" => {
            event.stop_propagation();
            if state.open.get_untracked() {
                state.shut();
            } else {
                state.clear();
                focus("map");
            }
        }
        _ => return,
    }
    event.prevent_default();
}

fn hits(state: Field, screen: Screen) -> impl IntoView {
    let words = screen.words;
    let row = move |(number, hit): (usize, Hit)| {
        let mark = match hit.kind {
            HitKind::Cell => Icon::Cell,
            HitKind::Person => Icon::Person,
            HitKind::Place => Icon::Pin,
        };
        let kind = hit.kind;
        let (title, detail) = (hit.title.clone(), hit.detail.clone());
        // Pressing must not take the focus from the field before the choice is made.
        view! {
            <li id=format!("hit-{number}") role="option" class="hit"
                aria-selected=move || (state.active.get() == number).to_string()
                on:pointerdown=|event| event.prevent_default()
                on:click=move |_| state.choose(screen, &hit)>
                {icon(mark)}
                <span class="hit-title">{title}</span>
                <span class="hit-detail">{detail}</span>
                <span class="hit-kind">{move || words.now().word(kind)}</span>
            </li>
        }
    };
    view! {
        <div class="hits">
            {move || match state.hits.face.get() {
                Face::Idle => ().into_any(),
                Face::Waiting => crate::ui::face::waiting(words).into_any(),
                Face::Refused(refusal) => view! {
                    <p class="note" role="alert">{move || words.now().both(&refusal.message)}</p>
                }.into_any(),
                Face::Full(found) if found.is_empty() => view! {
                    <p class="note" role="status">
                        {move || words.now().fill(
                            Phrase::SearchNothing, &[&state.asked_for.get()])}
                    </p>
                }.into_any(),
                Face::Full(found) => {
                    let count = found.len().to_string();
                    view! {
                        <p class="sr-only" role="status">
                            {move || words.now().fill(Phrase::SearchCount, &[&count])}
                        </p>
                        <ul id="hits" role="listbox" aria-label=words.say(Phrase::SearchLabel)>
                            {found.into_iter().enumerate().map(row).collect_view()}
                        </ul>
                    }.into_any()
                }
            }}
        </div>
    }
}
