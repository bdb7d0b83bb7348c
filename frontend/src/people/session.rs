//! Who is signed in at this browser.

use crate::ask::{Face, ask, use_asked};
use domain::people::{Me, SignOut, WhoAmI};
use domain::refusal::Refusal;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The person signed in, and whether the sign-in dialog is open.
#[derive(Clone, Copy)]
pub struct Session {
    /// Who; `None` when nobody is.
    pub me: RwSignal<Option<Me>>,
    /// Whether the dialog is open.
    pub open: RwSignal<bool>,
}

impl Session {
    /// Asks the server whose cookie this is.
    pub fn new() -> Self {
        let me = RwSignal::new(None);
        let asked = use_asked(|| Some(WhoAmI {}));
        Effect::new(move |_| {
            if let Face::Full(answer) = asked.face.get() {
                me.set(answer);
            }
        });
        Self { me, open: RwSignal::new(false) }
    }

    /// Signs out.
    pub fn sign_out(self) {
        spawn_local(async move {
            if ask(&SignOut {}).await.is_ok() {
                self.me.try_set(None);
            }
        });
    }

    /// Signs in; `refused` is told why not.
    pub fn sign_in(self, login: String, password: String, refused: RwSignal<Option<Refusal>>) {
        refused.set(None);
        spawn_local(async move {
            match ask(&domain::people::SignIn { login, password }).await {
                Ok(me) => {
                    self.me.try_set(Some(me));
                    self.open.try_set(false);
                }
                Err(refusal) => {
                    refused.try_set(Some(refusal));
                }
            }
        });
    }
}
