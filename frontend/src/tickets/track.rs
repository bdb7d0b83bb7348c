//! Following a report by its tracking code: where it stands and what happened to it.

use super::rating::{Rate, Reopen};
use crate::address;
use crate::ask::use_asked;
use crate::figures;
use crate::ui::Words;
use crate::ui::face::faces;
use crate::ui::icon::{Icon, icon};
use crate::words::{Language, Phrase};
use domain::tickets::{Progress, PublicStatus, PublicStep, ShowStatus};
use leptos::prelude::*;
use leptos_router::hooks::{use_navigate, use_params_map, use_query_map};

/// The screen.
#[component]
pub fn TrackScreen() -> impl IntoView {
    let (query, params) = (use_query_map(), use_params_map());
    let english = move || query.with(|query| query.get("lang").is_some_and(|lang| lang == "en"));
    let language = move || if english() { Language::En } else { Language::Zh };
    let words = Words(Signal::derive(language));
    let code = Memo::new(move |_| params.with(|params| params.get("code").unwrap_or_default()));
    let status = use_asked(move || {
        let code = code.get();
        (!code.is_empty()).then_some(ShowStatus { code })
    });
    Effect::new(move |_| words.title_page(Phrase::TrackTitle));
    view! {
        <main class="track">
            <header class="track-head">
                <a class="brand" href="/map">
                    <img src="/assets/icon.svg" alt="" width="28" height="28"/>
                    <b>{words.say(Phrase::Product)}</b>
                </a>
                <a class="bar-button"
                   href=move || address::of_report(&code.get(), words.now().other())>
                    {words.say(Phrase::SwitchLanguage)}
                </a>
            </header>
            <h1>{words.say(Phrase::TrackTitle)}</h1>
            <CodeForm words code/>
            {faces(words, status, move |told| {
                let answered = move |told| status.face.set(crate::ask::Face::Full(told));
                shown(words, code, told, Callback::new(answered))
            })}
        </main>
    }
}

#[component]
fn CodeForm(words: Words, code: Memo<String>) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    Effect::new(move |_| typed.set(code.get()));
    let navigate = use_navigate();
    let look = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let code = typed.get_untracked().trim().to_owned();
        navigate(&address::of_report(&code, words.now()), Default::default());
    };
    view! {
        <form class="card track-form" on:submit=look>
            <label for="code">{words.say(Phrase::TrackCode)}</label>
            <div class="row">
                <input id="code" class="track-code" autocomplete="off" autocapitalize="characters"
                       spellcheck="false" required maxlength="40" prop:value=typed
                       aria-describedby="code-hint"
                       on:input:target=move |event| typed.set(event.target().value())/>
                <button class="button primary" id="look">{words.say(Phrase::TrackAsk)}</button>
            </div>
            <p class="note" id="code-hint">{words.say(Phrase::TrackCodeHint)}</p>
        </form>
    }
}

fn shown(
    words: Words,
    code: Memo<String>,
    told: PublicStatus,
    answered: Callback<PublicStatus>,
) -> impl IntoView {
    let said = told.words.clone();
    let over = matches!(
        told.progress,
        Progress::Done | Progress::NotFiled | Progress::CalledOff | Progress::Joined
    );
    let mark = if over { Icon::Done } else { Icon::Note };
    let time = |at: &Option<String>| at.as_deref().map(figures::minute);
    let facts = [
        (Phrase::TrackReceived, Some(figures::minute(&told.received_at))),
        (Phrase::TrackUnit, told.unit_name.clone()),
        (Phrase::TrackDue, time(&told.due_at)),
        (Phrase::TrackReview, time(&told.review_at)),
        (Phrase::TrackReason, told.reason.clone()),
    ];
    let facts = facts.into_iter().filter_map(|(name, value)| {
        value.map(|value| view! { <dt>{words.say(name)}</dt><dd>{value}</dd> })
    });
    let facts: Vec<_> = facts.collect();
    let (stars, rate) = (told.stars, told.may_rate);
    let (asked, reopen) = (told.reopening_asked, told.may_ask_reopen);
    view! {
        <section class="card" role="status" id="status">
            <p class="track-now" class:over=over>
                {icon(mark)}<b>{move || words.now().both(&said)}</b>
            </p>
            <dl class="facts">{facts}</dl>
            {asked.then(|| view! {
                <p class="note">{words.say(Phrase::TrackReopenAsked)}</p>
            })}
        </section>
        {steps(words, told.steps)}
        {stars.map(|stars| view! {
            <p class="card" id="rated">
                {move || words.now().fill(Phrase::TrackRated, &[&stars.to_string()])}
            </p>
        })}
        {rate.then(|| view! { <Rate words code answered/> })}
        {reopen.then(|| view! { <Reopen words code answered/> })}
    }
}

/// What happened, the newest on top.
fn steps(words: Words, steps: Vec<PublicStep>) -> impl IntoView {
    let any = !steps.is_empty();
    let lines = steps.into_iter().rev().map(|step| {
        view! {
            <li>
                <time datetime=step.at.clone()>{figures::minute(&step.at)}</time>
                <span>{move || words.now().both(&step.words)}</span>
            </li>
        }
    });
    let lines: Vec<_> = lines.collect();
    any.then(|| {
        view! {
            <section class="card">
                <h2>{words.say(Phrase::TrackSteps)}</h2>
                <ol class="steps">{lines}</ol>
            </section>
        }
    })
}
