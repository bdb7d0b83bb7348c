//! Layers on and off, each with what it looks like: shape and words first, colour besides.

use crate::address::Layer;
use crate::ask::Face;
use crate::map::base;
use crate::map::state::Screen;
use crate::ui::icon::{Icon, icon};
use crate::words::Phrase;
use domain::grids::BaseMapKind;
use leptos::prelude::*;

const fn title(layer: Layer) -> Phrase {
    match layer {
        Layer::Cells => Phrase::LayerCells,
        Layer::Labels => Phrase::LayerLabels,
        Layer::Zones => Phrase::LayerZones,
        Layer::Problems => Phrase::LayerProblems,
        Layer::Reports => Phrase::LayerReports,
        Layer::Base => Phrase::LayerBase,
    }
}

const fn note(layer: Layer) -> Option<Phrase> {
    match layer {
        Layer::Cells => Some(Phrase::LayerCellsNote),
        Layer::Labels => Some(Phrase::LayerLabelsNote),
        Layer::Zones => Some(Phrase::LayerZonesNote),
        Layer::Problems => Some(Phrase::LayerProblemsNote),
        Layer::Reports => Some(Phrase::LayerReportsNote),
        Layer::Base => None,
    }
}

/// The button and the card it opens; on a desk the card is open from the start.
#[component]
pub fn Legend(screen: Screen, open: RwSignal<bool>) -> impl IntoView {
    let words = screen.words;
    view! {
        <section class="legend" id="legend" class:open=open
                 aria-label=words.say(Phrase::LayersTitle)>
            <button class="legend-head" id="layers" aria-expanded=move || open.get().to_string()
                    aria-controls="legend-body" aria-label=words.say(Phrase::LayersTitle)
                    on:click=move |_| open.update(|open| *open = !*open)>
                {icon(Icon::Layers)}
                <span>{words.say(Phrase::LayersTitle)}</span>
                <span class="turn">{icon(Icon::Right)}</span>
            </button>
            <Show when=move || open.get()>
                <ul id="legend-body">
                    {Layer::ALL.into_iter().map(|layer| row(screen, layer)).collect_view()}
                </ul>
                <Show when=move || screen.selected().is_some()>
                    <p class="keys-row">
                        <span>
                            <i class="swatch selected"></i>{words.say(Phrase::LegendSelected)}
                        </span>
                        <span>
                            <i class="swatch neighbour"></i>{words.say(Phrase::LegendNeighbour)}
                        </span>
                    </p>
                </Show>
            </Show>
        </section>
    }
}

fn row(screen: Screen, layer: Layer) -> AnyView {
    let words = screen.words;
    let id = format!("layer-{}", layer.code());
    let shown = move || screen.address().shows(layer);
    view! {
        <li class="layer" class:off=move || !shown()>
            <label for=format!("layer-{}", layer.code())>
                <span class=format!("sample {}", layer.code()) aria-hidden="true">
                    {sample(layer)}
                </span>
                <span class="layer-text">
                    <b>{words.say(title(layer))}</b>
                    {note(layer).map(|note| view! { <small>{words.say(note)}</small> })}
                    {(layer == Layer::Base).then(|| base_note(screen))}
                </span>
                <input type="checkbox" role="switch" id=id prop:checked=shown
                       on:change=move |_| screen.change(true, |address| address.switch(layer))/>
            </label>
            {(layer == Layer::Problems).then(|| view! {
                <Show when=shown>{marks(screen)}</Show>
            })}
            {(layer == Layer::Reports).then(|| view! {
                <Show when=move || screen.live.count.get() != 0>
                    <p class="keys-row">
                        <span><i class="swatch fresh"></i>{words.say(Phrase::LegendFresh)}</span>
                    </p>
                </Show>
            })}
        </li>
    }
    .into_any()
}

/// What the base map is, or why it is not drawn.
fn base_note(screen: Screen) -> impl IntoView {
    let words = screen.words;
    move || match screen.base.face.get() {
        Face::Full(map) if !base::fits(&map) => {
            let said = words.now().fill(Phrase::LayerBaseRefused, &[words.now().word(map.datum)]);
            Some(view! { <small class="problem">{said}</small> }.into_any())
        }
        Face::Full(map) if map.kind == BaseMapKind::Empty => {
            Some(view! { <small>{words.say(Phrase::LayerBaseNone)}</small> }.into_any())
        }
        Face::Full(map) => {
            let datum = map.datum;
            let kind = map.kind;
            let said = move || format!("{} · {}", words.now().word(kind), words.now().word(datum));
            Some(view! { <small>{said}</small> }.into_any())
        }
        _ => None,
    }
}

/// The marks of the kinds of problem.
fn marks(screen: Screen) -> impl IntoView {
    let words = screen.words;
    let mark = move |path: &'static str, phrase: Phrase, filled: bool| {
        view! {
            <span>
                <svg class="mark" class:filled=filled viewBox="0 0 18 18" aria-hidden="true">
                    <path d=path/>
                </svg>
                {words.say(phrase)}
            </span>
        }
    };
    view! {
        <p class="keys-row">
            {mark("M3 3h8v8H3zM7 7h8v8H7z", Phrase::LegendOverlap, false)}
            {mark("M4 4h10v10H4z", Phrase::LegendGap, false)}
            {mark("M9 3l6.5 11.5h-13z", Phrase::LegendRing, true)}
            {mark("M9 2.5l6.5 6.5L9 15.5 2.5 9z", Phrase::LegendStray, true)}
        </p>
    }
}

/// What a layer looks like, drawn as on the map.
fn sample(layer: Layer) -> AnyView {
    match layer {
        Layer::Cells => view! {
            <svg viewBox="0 0 36 24"><path class="l3" d="M2 5h32"/><path class="l2" d="M2 11.5h32"/>
                <path class="l1" d="M2 19h32"/></svg>
        }
        .into_any(),
        Layer::Labels => view! {
            <svg viewBox="0 0 36 24"><text x="18" y="17">"Aa"</text></svg>
        }
        .into_any(),
        Layer::Zones => view! {
            <svg viewBox="0 0 36 24"><path class="zone" d="M4 4h28v16H4z"/>
                <path class="hatch" d="M4 12l8-8M4 20L20 4M12 20L28 4M20 20l12-12M28 20l4-4"/></svg>
        }
        .into_any(),
        Layer::Problems => view! {
            <svg viewBox="0 0 36 24"><path class="bad" d="M7 5h9v9H7zM12 10h9v9h-9z"/>
                <path class="bad full" d="M28 9l5 9H23z"/></svg>
        }
        .into_any(),
        Layer::Reports => view! {
            <svg viewBox="0 0 36 24"><circle class="many" cx="13" cy="12" r="9"/>
                <text class="count" x="13" y="15.5">"12"</text>
                <circle class="one" cx="29" cy="12" r="4"/></svg>
        }
        .into_any(),
        Layer::Base => view! {
            <svg viewBox="0 0 36 24"><path class="ground" d="M2 2h32v20H2z"/>
                <path class="water" d="M2 15c8-3 12 3 32-2v9H2z"/>
                <path class="street" d="M2 8h32M14 2v13"/></svg>
        }
        .into_any(),
    }
}
