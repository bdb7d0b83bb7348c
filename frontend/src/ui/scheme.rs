//! What the person's system asks for: a dark page, little motion.

use leptos::prelude::*;
use wasm_bindgen::prelude::*;

fn asks_for(query: &str) -> Option<web_sys::MediaQueryList> {
    window().match_media(query).ok().flatten()
}

const DARK: &str = "(prefers-color-scheme: dark)";

/// Whether a dark page is asked for now.
pub fn is_dark() -> bool {
    asks_for(DARK).is_some_and(|query| query.matches())
}

/// Whether little motion is asked for.
pub fn is_calm() -> bool {
    asks_for("(prefers-reduced-motion: reduce)").is_some_and(|query| query.matches())
}

/// Whether a dark page is asked for, as it changes.
pub fn use_dark() -> ReadSignal<bool> {
    let (dark, set_dark) = signal(is_dark());
    if let Some(query) = asks_for(DARK) {
        let changed = Closure::<dyn Fn()>::new(move || {
            set_dark.try_set(is_dark());
        });
        query.set_onchange(Some(changed.as_ref().unchecked_ref()));
        // It listens as long as the page lives.
        changed.forget();
    }
    dark
}
