//! The only fetcher: asks the server what the domain's calls ask, and lets go when the view goes.

use crate::request::{Request, request};
use crate::words::{Language, Phrase};
use domain::refusal::{Kind, Refusal};
use domain::{Call, Verb};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, RequestInit, Response};

/// What became of a question.
#[derive(Clone, PartialEq, Debug)]
pub enum Face<T> {
    /// Nothing was asked.
    Idle,
    /// The answer is under way.
    Waiting,
    /// The server, or the way to it, said no.
    Refused(Refusal),
    /// The answer.
    Full(T),
}

/// A question that is asked again whenever it changes, and its latest answer.
pub struct Asked<T: Send + Sync + 'static> {
    /// What became of it.
    pub face: RwSignal<Face<T>>,
    again: Trigger,
}

impl<T: Send + Sync + 'static> Clone for Asked<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Asked<T> {}

impl<T: Send + Sync + 'static> Asked<T> {
    /// Asks once more.
    pub fn again(&self) {
        self.again.notify();
    }
}

/// Aborts its fetch when dropped.
struct UnderWay(Option<AbortController>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        if let Some(controller) = &self.0 {
            controller.abort();
        }
    }
}

/// Asks `question` now and whenever it changes; `None` asks nothing. A newer question, or the end
/// of the view, aborts the one under way.
pub fn use_asked<C>(question: impl Fn() -> Option<C> + 'static) -> Asked<C::Answer>
where
    C: Call,
    C::Answer: Send + Sync,
{
    let asked = Asked { face: RwSignal::new(Face::Idle), again: Trigger::new() };
    let under_way = StoredValue::new_local(UnderWay(None));
    let turn = StoredValue::new(0_u32);
    let asked_before = StoredValue::new(None::<Request>);
    Effect::new(move |_| {
        asked.again.track();
        let now = turn.with_value(|turn| turn.wrapping_add(1));
        turn.set_value(now);
        let Some(call) = question() else {
            under_way.set_value(UnderWay(None));
            asked.face.set(Face::Idle);
            return;
        };
        let controller = AbortController::new().ok();
        under_way.set_value(UnderWay(controller.clone()));
        // The same question again keeps its answer until the new one is here.
        let sent = Some(request(&call));
        let same = asked_before.with_value(|before| *before == sent);
        asked_before.set_value(sent);
        let full = asked.face.with_untracked(|face| matches!(face, Face::Full(_)));
        if !(same && full) {
            asked.face.set(Face::Waiting);
        }
        spawn_local(async move {
            let answer = fetch(&call, controller.as_ref()).await;
            if turn.try_get_value() != Some(now) {
                return;
            }
            under_way.try_update_value(|under_way| under_way.0.take());
            let face = match answer {
                Ok(answer) => Face::Full(answer),
                Err(refusal) => Face::Refused(refusal),
            };
            asked.face.try_set(face);
        });
    });
    on_cleanup(move || {
        under_way.try_update_value(|under_way| *under_way = UnderWay(None));
    });
    asked
}

/// Asks once, for what a person does on purpose (sign in, report): it is not aborted.
pub async fn ask<C: Call>(call: &C) -> Result<C::Answer, Refusal> {
    fetch(call, None).await
}

async fn fetch<C: Call>(
    call: &C,
    controller: Option<&AbortController>,
) -> Result<C::Answer, Refusal> {
    let sent = request(call);
    let response = send(sent.verb, &sent.url, sent.body.as_deref(), controller)
        .await
        .map_err(|_| refusal(Phrase::Unreachable))?;
    let text = match response.text() {
        Ok(text) => JsFuture::from(text).await.map_err(|_| refusal(Phrase::Unreachable))?,
        Err(_) => return Err(refusal(Phrase::Unreachable)),
    };
    let text = text.as_string().unwrap_or_default();
    if response.ok() {
        serde_json::from_str(&text).map_err(|_| refusal(Phrase::Garbled))
    } else {
        Err(serde_json::from_str(&text).unwrap_or_else(|_| refusal(Phrase::Unreachable)))
    }
}

async fn send(
    verb: Verb,
    url: &str,
    body: Option<&str>,
    controller: Option<&AbortController>,
) -> Result<Response, JsValue> {
    let options = RequestInit::new();
    options.set_method(domain::word::Word::code(verb));
    options.set_signal(controller.map(AbortController::signal).as_ref());
    if let Some(body) = body {
        options.set_body(&JsValue::from_str(body));
    }
    let asked = web_sys::Request::new_with_str_and_init(url, &options)?;
    if body.is_some() {
        asked.headers().set("content-type", "application/json")?;
    }
    Ok(JsFuture::from(window().fetch_with_request(&asked)).await?.into())
}

/// A refusal in this program's own words, for when the server did not speak.
fn refusal(phrase: Phrase) -> Refusal {
    Refusal::new(Kind::Broken, Language::Zh.say(phrase), Language::En.say(phrase))
}
