//! What came in while looking: the server's event stream, gathered for the map.

use crate::ask::{Asked, Face};
use domain::grids::Edition;
use domain::reports::{EVENTS, NewReports};
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{EventSource, MessageEvent};

/// How many of the newest reports stay marked.
const MARKED: usize = 200;

/// The stream's state.
#[derive(Clone, Copy)]
pub struct Live {
    /// Whether the stream is open.
    pub open: RwSignal<bool>,
    /// Reports taken in since the page was opened.
    pub count: RwSignal<u64>,
    /// Where the newest of them are.
    pub fresh: RwSignal<Vec<[f64; 2]>>,
}

impl Live {
    /// Listens until the view goes away; a new edition asks for the editions again.
    pub fn new(editions: Asked<Vec<Edition>>) -> Self {
        let live = Self {
            open: RwSignal::new(false),
            count: RwSignal::new(0),
            fresh: RwSignal::new(Vec::new()),
        };
        // Without the stream the page works as before, only not by itself.
        let Ok(stream) = EventSource::new(EVENTS) else { return live };
        let opened = listener(move |_| live.open.set(true));
        let lost = listener(move |_| live.open.set(false));
        let reports = listener(move |event| live.take(&event));
        let edition = listener(move |event| {
            let number = event.data().as_string().and_then(|text| text.trim().parse::<i64>().ok());
            let known = editions.face.with_untracked(|face| match face {
                Face::Full(all) => all.iter().any(|edition| Some(edition.id.0) == number),
                _ => false,
            });
            if !known {
                editions.again();
            }
        });
        stream.set_onopen(Some(opened.as_ref().unchecked_ref()));
        stream.set_onerror(Some(lost.as_ref().unchecked_ref()));
        for (name, listener) in [("reports", &reports), ("edition", &edition)] {
            // Adding a listener to a stream that exists cannot fail.
            let _ =
                stream.add_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
        }
        let kept = StoredValue::new_local((stream, opened, lost, reports, edition));
        on_cleanup(move || {
            kept.try_with_value(|kept| kept.0.close());
        });
        live
    }

    fn take(self, event: &MessageEvent) {
        let text = event.data().as_string().unwrap_or_default();
        let Ok(new) = serde_json::from_str::<NewReports>(&text) else { return };
        self.fresh.update(|fresh| {
            fresh.extend(new.reports.iter().map(|report| [report.lng, report.lat]));
            let surplus = fresh.len().saturating_sub(MARKED);
            fresh.drain(..surplus);
        });
        self.count.update(|count| *count += new.count);
    }
}

fn listener(heard: impl Fn(MessageEvent) + 'static) -> Closure<dyn Fn(MessageEvent)> {
    Closure::new(heard)
}
