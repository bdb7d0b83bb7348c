//! Why a cell answers, in a sentence and in a drawing of the borders around the place.

use crate::figures;
use crate::ui::Words;
use crate::ui::icon::Icon;
use crate::words::{Language, Phrase};
use domain::grids::{Basis, Located};
use leptos::prelude::*;

/// The sentence.
pub fn sentence(located: &Located, language: Language) -> String {
    match (located.basis, &located.blank_zone) {
        (Basis::BlankZone, Some(zone)) => {
            language.fill(Phrase::WhyZone, &[&zone.zone.to_string(), language.word(zone.rule)])
        }
        (Basis::BlankZone, None) => language.word(Basis::BlankZone).to_owned(),
        (Basis::Inside, _) => language.say(Phrase::WhyInside).to_owned(),
        (Basis::Border, _) => language.say(Phrase::WhyBorder).to_owned(),
        (Basis::OutsideNear, _) => {
            let far = located.distance_m.map(|metres| figures::length(metres, language));
            language.fill(Phrase::WhyNear, &[far.as_deref().unwrap_or_default()])
        }
        (Basis::Outside, _) => match (&located.cell, located.distance_m) {
            (Some(_), Some(metres)) => language.fill(
                Phrase::WhyOutsideNearest,
                &[&located.name, &figures::length(metres, language)],
            ),
            _ => language.say(Phrase::WhyOutside).to_owned(),
        },
    }
}

/// The mark of a basis: a shape for each, so that colour is not needed.
pub const fn mark(basis: Basis) -> Icon {
    match basis {
        Basis::Inside | Basis::Border => Icon::Cell,
        Basis::BlankZone => Icon::Zone,
        Basis::OutsideNear => Icon::Pin,
        Basis::Outside => Icon::Desk,
    }
}

/// The place, the border of the answering cell and the neighbour on one line; distances grow by
/// their root, so that half a metre and half a kilometre both can be seen.
pub fn distances(words: Words, located: &Located) -> Option<impl IntoView + use<>> {
    let border_m = located.distance_m?;
    let neighbour = located.neighbour.clone();
    let far_m = neighbour.as_ref().map_or(border_m, |n| n.distance_m.max(border_m));
    let reach = |metres: f64| 16.0 + 148.0 * (metres / far_m.max(1.0)).sqrt();
    let (border_x, far_x) = (reach(border_m), reach(far_m));
    let apart = neighbour.is_some() && far_x - border_x > 3.0;
    let border_path = format!("M{border_x:.1} 5v22");
    let far_path = format!("M{far_x:.1} 5v22");
    let line_path = format!("M14 16H{border_x:.1}");
    Some(view! {
        <section class="block distances">
            <svg viewBox="0 0 200 32" aria-hidden="true">
                <rect class="own" x="0" y="5" width=format!("{border_x:.1}") height="22"/>
                <rect class="between" x=format!("{border_x:.1}") y="5"
                      width=format!("{:.1}", far_x - border_x) height="22"/>
                <rect class="theirs" x=format!("{far_x:.1}") y="5"
                      width=format!("{:.1}", 200.0 - far_x) height="22"/>
                <path class="line" d=line_path/>
                <path class="edge" d=border_path/>
                {apart.then(|| view! { <path class="edge far" d=far_path/> })}
                <circle class="here" cx="10" cy="16" r="4.5"/>
            </svg>
            <dl>
                <div>
                    <dt>{words.say(Phrase::ToBorder)}</dt>
                    <dd id="border-distance">
                        {move || figures::length(border_m, words.now())}
                    </dd>
                </div>
                {neighbour.map(|neighbour| view! {
                    <div>
                        <dt>{words.say(Phrase::Neighbour)}</dt>
                        <dd id="neighbour">
                            <span class="swatch neighbour" aria-hidden="true"></span>
                            {neighbour.name.clone()}
                            <small>
                                {move || words.now().fill(Phrase::NeighbourAt,
                                    &[&figures::length(neighbour.distance_m, words.now())])}
                            </small>
                        </dd>
                    </div>
                })}
            </dl>
        </section>
    })
}
