//! Reporting something at the place asked about, and the answer: a number and who is called.

use crate::address;
use crate::ask::{Face, ask, use_asked};
use crate::figures;
use crate::map::state::Screen;
use crate::people::contacts::contacts;
use crate::ui::focus;
use crate::ui::icon::{Icon, icon};
use crate::words::Phrase;
use domain::grids::Basis;
use domain::place::Datum;
use domain::refusal::Refusal;
use domain::reports::{Categories, Channel, TEXT_MAX_CHARS, TakeReport, Taken};
use domain::word::Word;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Channels a person at this screen reports through; the others arrive by machine.
const CHANNELS: [Channel; 5] =
    [Channel::Snapshot, Channel::Hotline, Channel::Member, Channel::Patrol, Channel::Forum];

/// What is being written.
#[derive(Clone, Copy)]
struct Draft {
    channel: RwSignal<Channel>,
    category: RwSignal<String>,
    text: RwSignal<String>,
    /// The same for every try, so that a report sent twice is stored once.
    key: StoredValue<String>,
    sending: RwSignal<bool>,
    refused: RwSignal<Option<Refusal>>,
    taken: RwSignal<Option<Taken>>,
}

impl Draft {
    fn new() -> Self {
        Self {
            channel: RwSignal::new(Channel::Snapshot),
            category: RwSignal::new(String::new()),
            text: RwSignal::new(String::new()),
            key: StoredValue::new(key()),
            sending: RwSignal::new(false),
            refused: RwSignal::new(None),
            taken: RwSignal::new(None),
        }
    }

    fn again(self) {
        self.text.set(String::new());
        self.key.set_value(key());
        self.taken.set(None);
    }

    fn send(self, screen: Screen) {
        let Some(at) = screen.address_now().at.filter(|_| !self.sending.get_untracked()) else {
            return;
        };
        self.sending.set(true);
        self.refused.set(None);
        let category = self.category.get_untracked();
        let report = TakeReport {
            datum: Datum::Cgcs2000,
            accuracy_m: at.accuracy_m,
            category: (!category.is_empty()).then_some(category),
            text: self.text.get_untracked(),
            key: Some(self.key.get_value()),
            ..TakeReport::new(self.channel.get_untracked(), at.lng, at.lat)
        };
        spawn_local(async move {
            match ask(&report).await {
                Ok(taken) => self.taken.try_set(Some(taken)).is_none(),
                Err(refusal) => self.refused.try_set(Some(refusal)).is_none(),
            };
            self.sending.try_set(false);
        });
    }
}

/// A key nobody else will think of.
fn key() -> String {
    let random = || (js_sys::Math::random() * f64::from(u32::MAX)) as u32;
    format!("map-{:08x}{:08x}{:08x}", random(), random(), random())
}

/// The form, or the answer once it is sent.
#[component]
pub fn ReportForm(screen: Screen) -> impl IntoView {
    let draft = Draft::new();
    focus("report-text");
    move || match draft.taken.get() {
        Some(taken) => answer(screen, draft, taken).into_any(),
        None => form(screen, draft).into_any(),
    }
}

fn form(screen: Screen, draft: Draft) -> impl IntoView {
    let words = screen.words;
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        draft.send(screen);
    };
    // Those the rule opens to whoever is at the screen.
    let me = screen.session.me;
    let channels = CHANNELS.map(|channel| {
        let open = move || channel.senders().lets(me.get().map(|me| me.role));
        move || open().then(|| choice(screen, draft, channel))
    });
    view! {
        <form class="report-form" on:submit=send>
            <h3 class="form-title">{words.say(Phrase::ReportNew)}</h3>
            <p class="row spread note">
                <span>{words.say(Phrase::ReportPlace)}</span>
                <output class="code">
                    {move || screen.address().at
                        .map(|at| figures::coordinate(at.lng, at.lat)).unwrap_or_default()}
                </output>
            </p>
            <label for="report-text">{words.say(Phrase::ReportText)}</label>
            <textarea id="report-text" rows="4" maxlength=TEXT_MAX_CHARS.to_string()
                      placeholder=words.say(Phrase::ReportTextHint) prop:value=draft.text
                      on:input:target=move |event| draft.text.set(event.target().value())>
            </textarea>
            <fieldset>
                <legend>{words.say(Phrase::ReportChannel)}</legend>
                <div class="choices">{channels.to_vec()}</div>
            </fieldset>
            <label for="category">{words.say(Phrase::ReportCategory)}</label>
            {categories(screen, draft)}
            {move || draft.refused.get().map(|refusal| view! {
                <p class="refusal" role="alert">{move || words.now().both(&refusal.message)}</p>
            })}
            <div class="row">
                <button class="button primary" id="send-report" disabled=draft.sending>
                    {move || {
                        let sending = draft.sending.get();
                        let phrase =
                            if sending { Phrase::ReportSending } else { Phrase::ReportSend };
                        words.now().say(phrase)
                    }}
                </button>
                <button type="button" class="button" on:click=move |_| screen.reporting.set(false)>
                    {words.say(Phrase::ReportCancel)}
                </button>
            </div>
        </form>
    }
}

fn choice(screen: Screen, draft: Draft, channel: Channel) -> impl IntoView {
    let words = screen.words;
    let id = format!("channel-{}", channel.code());
    view! {
        <span class="choice">
            <input type="radio" name="channel" id=id.clone()
                   prop:checked=move || draft.channel.get() == channel
                   on:change=move |_| draft.channel.set(channel)/>
            <label for=id>{move || words.now().word(channel)}</label>
        </span>
    }
}

fn categories(screen: Screen, draft: Draft) -> impl IntoView {
    let words = screen.words;
    let known = use_asked(|| Some(Categories {}));
    let choices = move || match known.face.get() {
        Face::Full(all) => all
            .into_iter()
            .map(|category| {
                let code = category.code.clone();
                view! {
                    <option value=code>{move || words.now().both(&category.name)}</option>
                }
            })
            .collect_view(),
        _ => Vec::new(),
    };
    view! {
        <select id="category" prop:value=draft.category
                on:change=move |event| draft.category.set(event_target_value(&event))>
            <option value="">"—"</option>
            {choices}
        </select>
    }
}

fn answer(screen: Screen, draft: Draft, taken: Taken) -> impl IntoView {
    let words = screen.words;
    let number = taken.report.to_string();
    focus("report-number");
    let name = taken.located.name.clone();
    let code = taken.code.clone();
    let outside = taken.located.basis == Basis::Outside;
    view! {
        <section class="taken" role="status">
            <p class="taken-mark">{icon(Icon::Done)}{words.say(Phrase::ReportTaken)}</p>
            <p class="taken-number" id="report-number" tabindex="-1">
                {move || words.now().fill(Phrase::ReportNumber, &[&number])}
            </p>
            <p>
                {move || {
                    let duty = words.now().say(Phrase::DutyDesk);
                    words.now().fill(Phrase::ReportTakenNote, &[if outside { duty } else { &name }])
                }}
            </p>
            <div class="kept">
                <span class="note">{words.say(Phrase::TrackCode)}</span>
                <output class="track-code" id="tracking-code">{taken.code.clone()}</output>
                <p class="note">{words.say(Phrase::TrackKeep)}</p>
                <a class="link" href=move || address::of_report(&code, words.now())>
                    {words.say(Phrase::TrackFollow)}
                </a>
            </div>
            {contacts(words, &taken.located.contacts)}
            <div class="row">
                <button class="button primary" on:click=move |_| screen.reporting.set(false)>
                    {words.say(Phrase::ReportDone)}
                </button>
                <button class="button" on:click=move |_| draft.again()>
                    {words.say(Phrase::ReportAgain)}
                </button>
            </div>
        </section>
    }
}
