//! What the map screen knows: the address, and the answers to what it asks.
//!
//! The address bar is the only store of the view. It is written through the browser's history
//! and read back when the person goes back.

use crate::address::{Address, At};
use crate::ask::{Asked, Face, use_asked};
use crate::map::canvas::Canvas;
use crate::map::style::Selected;
use crate::people::session::Session;
use crate::reports::live::Live;
use crate::ui::Words;
use domain::grids::{BaseMap, Cell, Edition, Editions, Locate, Located, ShowBaseMap, ShowCell};
use domain::place::Datum;
use leptos::prelude::*;

/// The state of the map screen. Copies are the same state.
#[derive(Clone, Copy)]
pub struct Screen {
    address: RwSignal<Address>,
    /// The words in the language of the address.
    pub words: Words,
    /// The map.
    pub canvas: Canvas,
    /// Whether the page is dark.
    pub dark: ReadSignal<bool>,
    /// Every edition, newest first.
    pub editions: Asked<Vec<Edition>>,
    /// The base map.
    pub base: Asked<BaseMap>,
    /// Who answers for the place asked about.
    pub located: Asked<Located>,
    /// The cell shown.
    pub cell: Asked<Cell>,
    /// Who is signed in.
    pub session: Session,
    /// What came in while looking.
    pub live: Live,
    /// Whether the report form is open.
    pub reporting: RwSignal<bool>,
    /// The cell shown is to be brought into view once it is known.
    pub bring: RwSignal<bool>,
}

impl Screen {
    /// Reads the address and asks what it asks.
    pub fn new() -> Self {
        let address = RwSignal::new(read());
        let handle = window_event_listener(leptos::ev::popstate, move |_| address.set(read()));
        on_cleanup(move || handle.remove());
        let words = Words(Signal::derive(move || address.with(|address| address.language)));
        let at = Memo::new(move |_| address.with(|address| address.at));
        let code = Memo::new(move |_| address.with(|address| address.cell.clone()));
        let editions = use_asked(|| Some(Editions {}));
        let session = Session::new();
        Self {
            address,
            words,
            canvas: Canvas::new(crate::ui::scheme::is_calm()),
            dark: crate::ui::scheme::use_dark(),
            base: use_asked(|| Some(ShowBaseMap {})),
            located: use_asked(move || {
                at.get().map(|At { lng, lat, accuracy_m }| Locate {
                    lng,
                    lat,
                    datum: Datum::Cgcs2000,
                    accuracy_m,
                })
            }),
            cell: use_asked(move || match at.get() {
                Some(_) => None,
                None => code.get().map(|code| ShowCell { code }),
            }),
            live: Live::new(editions),
            editions,
            session,
            reporting: RwSignal::new(false),
            bring: RwSignal::new(false),
        }
    }

    /// The address, followed.
    pub fn address(&self) -> Address {
        self.address.get()
    }

    /// The address as it is now.
    pub fn address_now(&self) -> Address {
        self.address.get_untracked()
    }

    /// Changes the address; `step` makes it one the person can go back from.
    pub fn change(&self, step: bool, edit: impl FnOnce(&mut Address)) {
        let before = self.address.get_untracked();
        let mut after = before.clone();
        edit(&mut after);
        if after == before {
            return;
        }
        let url = format!("/map{}", after.query());
        if let Ok(history) = window().history() {
            let nothing = wasm_bindgen::JsValue::NULL;
            // A refused address (too many in a second) only costs the way back.
            let _ = if step {
                history.push_state_with_url(&nothing, "", Some(&url))
            } else {
                history.replace_state_with_url(&nothing, "", Some(&url))
            };
        }
        self.address.set(after);
    }

    /// Asks who answers for a place.
    pub fn ask_about(&self, lng: f64, lat: f64, accuracy_m: Option<f64>) {
        self.reporting.set(false);
        let round = |degrees: f64| (degrees * 1e7).round() / 1e7;
        let at = At { lng: round(lng), lat: round(lat), accuracy_m };
        self.change(true, |address| {
            address.at = Some(at);
            address.cell = None;
        });
    }

    /// Shows a cell and brings it into view.
    pub fn show_cell(&self, code: &str) {
        self.reporting.set(false);
        self.bring.set(true);
        let code = code.to_owned();
        self.change(true, |address| {
            address.at = None;
            address.cell = Some(code);
        });
    }

    /// Lets go of what is selected.
    pub fn let_go(&self) {
        self.reporting.set(false);
        self.change(true, |address| {
            address.at = None;
            address.cell = None;
        });
    }

    /// The edition drawn: the one the address names, else the newest.
    pub fn edition(&self) -> Option<Edition> {
        let wanted = self.address.with(|address| address.edition);
        self.editions.face.with(|face| match face {
            Face::Full(all) => match wanted {
                Some(id) => all.iter().find(|edition| edition.id.0 == id).cloned(),
                None => all.first().filter(|edition| edition.cells > 0).cloned(),
            },
            _ => None,
        })
    }

    /// The cell to be picked out on the map.
    pub fn selected(&self) -> Option<Selected> {
        let located = self.located.face.with(|face| match face {
            Face::Full(located) => located.cell.clone(),
            _ => None,
        });
        if let Some(code) = located {
            return Some(Selected { code, level: 3 });
        }
        self.cell.face.with(|face| match face {
            Face::Full(cell) => Some(Selected { code: cell.code.clone(), level: cell.level }),
            _ => None,
        })
    }
}

/// The address bar's content.
fn read() -> Address {
    let search = window().location().search().unwrap_or_default();
    let asked = web_sys::UrlSearchParams::new_with_str(&search).ok();
    Address::read(|name| asked.as_ref().and_then(|asked| asked.get(name)))
}
