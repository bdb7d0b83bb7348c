//! Keeps the map object in step with the screen's state, both ways.

use crate::address::View;
use crate::ask::Face;
use crate::map::canvas::Told;
use crate::map::state::Screen;
use crate::map::style::{Look, style};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;
use wasm_bindgen_futures::JsFuture;

/// Makes the map in the element once the editions and the font are known, and keeps it.
/// `failed` is set where the browser cannot draw one.
pub fn draw(screen: Screen, element: NodeRef<leptos::html::Div>, failed: WriteSignal<bool>) {
    let font = RwSignal::new(false);
    spawn_local(async move {
        // Without the font the map still draws, with whatever the machine has.
        let _ = JsFuture::from(fonts()).await;
        font.try_set(true);
    });
    let made = StoredValue::new(false);
    Effect::new(move |_| {
        let known =
            screen.editions.face.with(|face| matches!(face, Face::Full(_) | Face::Refused(_)));
        let Some(element) = element.get().filter(|_| known && font.get()) else { return };
        if made.get_value() {
            return;
        }
        made.set_value(true);
        let view = untrack(|| first_view(screen));
        let told = Told {
            clicked: Box::new(move |lng, lat| screen.ask_about(lng, lat, None)),
            moved: Box::new(move |view| moved(screen, view)),
        };
        let first = untrack(|| look(screen));
        if !screen.canvas.make(&element, view, &first, told) {
            failed.set(true);
        } else if view.is_none()
            && let Some(edition) = untrack(|| screen.edition())
        {
            screen.canvas.fit(edition.bounds, true);
        }
    });
    Effect::new(move |before: Option<Option<Value>>| {
        let now = look(screen);
        if !screen.canvas.styled.get() {
            return None;
        }
        if before.flatten().as_ref() != Some(&now) {
            screen.canvas.style(&now);
        }
        Some(now)
    });
    follow_address(screen);
    follow_answers(screen);
    Effect::new(move |_| {
        if screen.live.count.get() > 0 {
            screen.canvas.refresh("reports");
        }
    });
    on_cleanup(move || screen.canvas.remove());
}

/// Where to look at first, as far as the address says.
fn first_view(screen: Screen) -> Option<View> {
    let address = screen.address_now();
    address.view.or(address.at.map(|at| View { zoom: 16.5, lng: at.lng, lat: at.lat }))
}

/// The style of this moment; whoever calls follows everything in it.
fn look(screen: Screen) -> Value {
    let address = screen.address();
    let edition = screen.edition();
    let located = screen.located.face.get();
    let located = if let Face::Full(located) = &located { Some(located) } else { None };
    let base = screen.base.face.get();
    let origin = window().location().origin().unwrap_or_default();
    screen.live.fresh.with(|fresh| {
        style(&Look {
            dark: screen.dark.get(),
            origin: &origin,
            address: &address,
            edition: edition.as_ref().map(|edition| edition.id.0),
            width_deg: edition.as_ref().map_or(0.1, |e| e.bounds[2] - e.bounds[0]),
            base: if let Face::Full(base) = &base { Some(base) } else { None },
            selected: screen.selected(),
            neighbour: located
                .and_then(|located| located.neighbour.as_ref())
                .map(|neighbour| neighbour.cell.as_str()),
            zone: located.and_then(|located| located.blank_zone.as_ref()).map(|zone| zone.zone),
            fresh,
        })
    })
}

/// The map came to rest: the address follows, without a step to go back from.
fn moved(screen: Screen, view: View) {
    screen.change(false, |address| {
        if address.view.is_none_or(|there| !same(there, view)) {
            address.view = Some(view);
        }
    });
}

/// Back and forth in the history move the map.
fn follow_address(screen: Screen) {
    Effect::new(move |_| {
        let Some(wanted) = screen.address().view else { return };
        if let Some(there) = screen.canvas.view()
            && screen.canvas.ready.get()
            && !same(there, wanted)
            && !screen.canvas.is_moving()
        {
            screen.canvas.jump(wanted);
        }
    });
}

/// What is asked about is never left under a panel; a cell chosen by name is brought into view.
fn follow_answers(screen: Screen) {
    let at = Memo::new(move |_| screen.address().at);
    Effect::new(move |_| {
        let answered = screen.located.face.with(|face| matches!(face, Face::Full(_)));
        let Some(at) = at.get().filter(|_| answered && screen.canvas.ready.get()) else { return };
        request_animation_frame(move || screen.canvas.reveal(at.lng, at.lat));
    });
    Effect::new(move |_| {
        let Face::Full(cell) = screen.cell.face.get() else { return };
        let unseen = screen.address_now().view.is_none() || screen.bring.get_untracked();
        if screen.canvas.ready.get() && unseen {
            screen.bring.set(false);
            request_animation_frame(move || screen.canvas.fit(cell.bounds, false));
        }
    });
}

/// Within what the address can say.
fn same(one: View, other: View) -> bool {
    (one.zoom - other.zoom).abs() < 0.006
        && (one.lng - other.lng).abs() < 6e-6
        && (one.lat - other.lat).abs() < 6e-6
}

/// Loads the font of the map's text, so that the first tile is not drawn with empty boxes.
fn fonts() -> js_sys::Promise {
    let fonts = document().fonts();
    let both = js_sys::Array::of2(
        &fonts.load_with_text("16px Wangge", "\u{7f51}1").into(),
        &fonts.load_with_text("600 16px 'Wangge Semibold'", "\u{7f51}1").into(),
    );
    js_sys::Promise::all(&both)
}
