//! Whom to call: the nearest first, each with what they are to the cell.

use crate::ui::Words;
use crate::words::Phrase;
use domain::people::Contact;
use leptos::prelude::*;

/// The list of people who answer.
pub fn contacts(words: Words, contacts: Vec<Contact>) -> impl IntoView {
    let rows = contacts.into_iter().map(|contact| {
        let level = match contact.level {
            Some(1) => Some(Phrase::LevelOne),
            Some(2) => Some(Phrase::LevelTwo),
            Some(3) => Some(Phrase::LevelThree),
            _ => None,
        };
        let initial: String = contact.name.chars().take(1).collect();
        view! {
            <li class="contact">
                <span class="initial" aria-hidden="true">{initial}</span>
                <span class="contact-who">
                    <b>{contact.name}</b>
                    <span class="role">{move || words.now().word(contact.role)}</span>
                </span>
                <span class="contact-unit">
                    {level.map(|level| view! { <span class="level">{words.say(level)}</span> })}
                    {contact.unit}
                </span>
            </li>
        }
    });
    view! {
        <section class="block">
            <h3>{words.say(Phrase::WhomToCall)}</h3>
            <ol class="contacts">{rows.collect_view()}</ol>
        </section>
    }
}
