//! The four faces of whatever is asked: waiting, refused, and full; empty is a full answer's own.

use crate::ask::{Asked, Face};
use crate::ui::Words;
use crate::ui::icon::{Icon, icon};
use crate::words::Phrase;
use leptos::prelude::*;

/// Draws what became of a question; `full` draws the answer.
pub fn faces<T, V>(
    words: Words,
    asked: Asked<T>,
    full: impl Fn(T) -> V + Copy + Send + Sync + 'static,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    move || match asked.face.get() {
        Face::Idle => ().into_any(),
        Face::Waiting => waiting(words).into_any(),
        Face::Full(answer) => full(answer).into_any(),
        Face::Refused(refusal) => view! {
            <div class="refused" role="alert">
                <p>{icon(Icon::Warning)} {move || words.now().both(&refusal.message)}</p>
                <button class="button" on:click=move |_| asked.again()>
                    {words.say(Phrase::Retry)}
                </button>
            </div>
        }
        .into_any(),
    }
}

/// Lines where the answer will stand; they appear only if it takes a while.
pub fn waiting(words: Words) -> impl IntoView {
    view! {
        <div class="waiting" role="status">
            <span class="sr-only">{words.say(Phrase::Waiting)}</span>
            <i></i><i></i><i></i>
        </div>
    }
}
