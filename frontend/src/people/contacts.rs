//! Whom to call: the nearest first, each with what they are to the cell.

use crate::ui::Words;
use crate::words::Phrase;
use domain::people::Contact;
use leptos::prelude::*;

/// How many are shown at once.
const SHOWN: usize = 3;

/// The list of people who answer.
pub fn contacts(words: Words, contacts: &[Contact]) -> impl IntoView + use<> {
    let mut rows: Vec<_> = contacts
        .iter()
        .cloned()
        .map(|contact| {
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
        })
        .collect();
    // The nearest few are whom to call; the others are a press away.
    let others = if rows.len() > SHOWN + 1 { rows.split_off(SHOWN) } else { Vec::new() };
    let count = others.len().to_string();
    view! {
        <section class="block">
            <h3>{words.say(Phrase::WhomToCall)}</h3>
            <ol class="contacts">{rows}</ol>
            {(!others.is_empty()).then(|| view! {
                <details>
                    <summary>
                        {move || words.now().fill(Phrase::MorePeople, &[&count])}
                    </summary>
                    <ol class="contacts">{others}</ol>
                </details>
            })}
        </section>
    }
}
