//! The dialog to sign in with, and the button that says who is.

use crate::map::state::Screen;
use crate::ui::icon::{Icon, icon};
use crate::words::Phrase;
use domain::refusal::Refusal;
use leptos::prelude::*;

/// Who is signed in, or the way in.
#[component]
pub fn Account(screen: Screen) -> impl IntoView {
    let words = screen.words;
    let session = screen.session;
    let menu = RwSignal::new(false);
    let label = move || match session.me.get() {
        Some(me) => words.now().fill(Phrase::SignedInAs, &[&me.name]),
        None => words.now().say(Phrase::SignIn).to_owned(),
    };
    let pressed = move |_| {
        if session.me.get_untracked().is_some() {
            menu.update(|open| *open = !*open);
        } else {
            session.open.set(true);
        }
    };
    view! {
        <div class="account">
            <button class="bar-button" id="account" on:click=pressed aria-label=label
                    aria-expanded=move || menu.get().to_string()>
                {icon(Icon::Person)}
                <span class="wide">
                    {move || session.me.get().map_or_else(
                        || words.now().say(Phrase::SignIn).to_owned(), |me| me.name)}
                </span>
            </button>
            <Show when=move || menu.get() && session.me.get().is_some()>
                <div class="menu">
                    {move || session.me.get().map(|me| view! {
                        <p><b>{me.name.clone()}</b><br/>
                            {move || words.now().word(me.role)}" · "{me.unit.clone()}</p>
                    })}
                    <button class="button"
                            on:click=move |_| { menu.set(false); session.sign_out(); }>
                        {words.say(Phrase::SignOut)}
                    </button>
                </div>
            </Show>
        </div>
    }
}

/// The dialog.
#[component]
pub fn SignInDialog(screen: Screen) -> impl IntoView {
    let words = screen.words;
    let session = screen.session;
    let login = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let refused = RwSignal::new(None::<Refusal>);
    let dialog = NodeRef::<leptos::html::Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        if session.open.get() && !dialog.open() {
            refused.set(None);
            // Refused only for a dialog that is open already.
            let _ = dialog.show_modal();
        } else if !session.open.get() && dialog.open() {
            dialog.close();
            password.set(String::new());
        }
    });
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        session.sign_in(login.get_untracked(), password.get_untracked(), refused);
    };
    view! {
        <dialog class="dialog" node_ref=dialog aria-labelledby="sign-in-title"
                on:close=move |_| session.open.set(false)>
            <form on:submit=send>
                <header>
                    <h2 id="sign-in-title">{words.say(Phrase::SignInTitle)}</h2>
                    <button type="button" class="icon-button" aria-label=words.say(Phrase::Close)
                            on:click=move |_| session.open.set(false)>{icon(Icon::Close)}</button>
                </header>
                <label for="login">{words.say(Phrase::SignInName)}</label>
                <input id="login" autocomplete="username" required autofocus prop:value=login
                       on:input:target=move |event| login.set(event.target().value())/>
                <label for="password">{words.say(Phrase::SignInPassword)}</label>
                <input id="password" type="password" autocomplete="current-password" required
                       prop:value=password
                       on:input:target=move |event| password.set(event.target().value())/>
                {move || refused.get().map(|refusal| view! {
                    <p class="refusal" role="alert">{move || words.now().both(&refusal.message)}</p>
                })}
                <button class="button primary">{words.say(Phrase::SignIn)}</button>
                <p class="note">{words.say(Phrase::SignInDemoNote)}</p>
            </form>
        </dialog>
    }
}
