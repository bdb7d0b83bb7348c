//! What every screen is made of: words, faces, icons, the scheme of the day.

pub mod face;
pub mod icon;
pub mod scheme;

use crate::words::{Language, Phrase};
use leptos::prelude::*;

/// The words of the language that is on.
#[derive(Clone, Copy)]
pub struct Words(pub Signal<Language>);

impl Words {
    /// The language that is on; what asks follows it.
    pub fn now(self) -> Language {
        self.0.get()
    }

    /// Gives the page its title and says which language it is in.
    pub fn title_page(self, title: Phrase) {
        let language = self.now();
        document().set_title(&format!(
            "{} · {}",
            language.say(title),
            language.say(Phrase::Product)
        ));
        if let Some(page) = document().document_element() {
            // The attribute's name is lawful, so this cannot fail.
            let _ = page.set_attribute("lang", language.tag());
        }
    }

    /// A sentence that follows the language.
    pub fn say(self, phrase: Phrase) -> impl Fn() -> &'static str + Copy + Send + Sync + 'static {
        move || self.0.get().say(phrase)
    }
}

/// Calls back with a key pressed anywhere on the page, until the view goes away.
pub fn on_key(heard: impl Fn(web_sys::KeyboardEvent) + 'static) {
    let handle = window_event_listener(leptos::ev::keydown, heard);
    on_cleanup(move || handle.remove());
}

/// Whether a key goes into a field, where it is a letter and not a command.
pub fn is_typed(event: &web_sys::KeyboardEvent) -> bool {
    use wasm_bindgen::JsCast;
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let names = ["INPUT", "TEXTAREA", "SELECT"];
    event.ctrl_key()
        || event.meta_key()
        || event.alt_key()
        || target.is_some_and(|target| names.contains(&target.tag_name().as_str()))
}

/// Puts the keyboard's focus on the element with this id, once it is drawn.
pub fn focus(id: &'static str) {
    use wasm_bindgen::JsCast;
    request_animation_frame(move || {
        let found = document().get_element_by_id(id);
        if let Some(element) = found.and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok()) {
            // An element that went away in between needs no focus.
            let _ = element.focus();
        }
    });
}
