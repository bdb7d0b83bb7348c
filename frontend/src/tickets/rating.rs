//! What a reporter says to the result: stars, or that it is not solved.

use crate::ask::ask;
use crate::ui::Words;
use crate::words::Phrase;
use domain::Call;
use domain::refusal::Refusal;
use domain::tickets::{AskReopenByCode, BY_CODE_MAX_CHARS, PublicStatus, RateByCode};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// What is being sent, and what came of it.
#[derive(Clone, Copy)]
struct Sending {
    now: RwSignal<bool>,
    refused: RwSignal<Option<Refusal>>,
}

impl Sending {
    fn new() -> Self {
        Self { now: RwSignal::new(false), refused: RwSignal::new(None) }
    }

    fn send<C>(self, call: C, answered: Callback<PublicStatus>)
    where
        C: Call<Answer = PublicStatus> + 'static,
    {
        if self.now.get_untracked() {
            return;
        }
        self.now.set(true);
        self.refused.set(None);
        spawn_local(async move {
            let answer = ask(&call).await;
            self.now.try_set(false);
            match answer {
                Ok(told) => answered.run(told),
                Err(refusal) => {
                    self.refused.try_set(Some(refusal));
                }
            }
        });
    }

    fn refusal(self, words: Words) -> impl IntoView {
        move || {
            self.refused.get().map(|refusal| {
                view! {
                    <p class="refusal" role="alert">{move || words.now().both(&refusal.message)}</p>
                }
            })
        }
    }
}

/// One to five stars, and a word if there is one to say.
#[component]
pub fn Rate(words: Words, code: Memo<String>, answered: Callback<PublicStatus>) -> impl IntoView {
    let (stars, text) = (RwSignal::new(0_u8), RwSignal::new(String::new()));
    let sending = Sending::new();
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let (stars, text) = (stars.get_untracked(), text.get_untracked());
        sending.send(RateByCode { code: code.get_untracked(), stars, text }, answered);
    };
    let choice = move |count: u8| {
        let lit = move || count <= stars.get();
        let id = format!("stars-{count}");
        let label = move || words.now().fill(Phrase::TrackStars, &[&count.to_string()]);
        view! {
            <span class="star" class:lit=lit>
                <input type="radio" name="stars" id=id.clone() required
                       prop:checked=move || stars.get() == count
                       on:change=move |_| stars.set(count)/>
                <label for=id aria-label=label title=label>"★"</label>
            </span>
        }
    };
    view! {
        <form class="card track-form" id="rate" on:submit=send>
            <fieldset>
                <legend>{words.say(Phrase::TrackRate)}</legend>
                <div class="stars">{(1..=5).map(choice).collect::<Vec<_>>()}</div>
            </fieldset>
            <label for="rate-text">{words.say(Phrase::TrackRateText)}</label>
            <textarea id="rate-text" rows="2" maxlength=BY_CODE_MAX_CHARS.to_string()
                      prop:value=text
                      on:input:target=move |event| text.set(event.target().value())></textarea>
            {sending.refusal(words)}
            <button class="button primary" disabled=sending.now>
                {words.say(Phrase::TrackRateSend)}
            </button>
        </form>
    }
}

/// That it is not solved, and why.
#[component]
pub fn Reopen(words: Words, code: Memo<String>, answered: Callback<PublicStatus>) -> impl IntoView {
    let reason = RwSignal::new(String::new());
    let sending = Sending::new();
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let (code, reason) = (code.get_untracked(), reason.get_untracked());
        sending.send(AskReopenByCode { code, reason }, answered);
    };
    view! {
        <details class="card" id="reopen">
            <summary>{words.say(Phrase::TrackReopen)}</summary>
            <form class="track-form" on:submit=send>
                <label for="reopen-reason">{words.say(Phrase::TrackReopenReason)}</label>
                <textarea id="reopen-reason" rows="3" required
                          maxlength=BY_CODE_MAX_CHARS.to_string() prop:value=reason
                          on:input:target=move |event| reason.set(event.target().value())>
                </textarea>
                {sending.refusal(words)}
                <button class="button" disabled=sending.now>
                    {words.say(Phrase::TrackReopenSend)}
                </button>
            </form>
        </details>
    }
}
