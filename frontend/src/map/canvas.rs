//! The map object: made once, told what to look like, asked where it looks.

use crate::address::View;
use crate::map::colours;
use crate::map::kit::{Map, MapEvent, ScaleControl};
use crate::map::picture::picture;
use js_sys::{Object, Reflect, Uint8ClampedArray};
use leptos::prelude::*;
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;

/// Room that panels take from the map's edges, in CSS pixels.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
struct Room {
    top: f64,
    right: f64,
    bottom: f64,
    left: f64,
}

impl Room {
    /// As it is now: a panel as wide as the page comes from below, another from the left.
    fn now() -> Self {
        let (width, height) = screen();
        let of = |id: &str| {
            document().get_element_by_id(id).map(|found| found.get_bounding_client_rect())
        };
        let mut room = Self { top: of("top").map_or(0.0, |top| top.bottom()), ..Self::default() };
        if let Some(panel) = of("panel").filter(|panel| panel.width() > 0.0) {
            if panel.width() > width * 0.8 {
                room.bottom = height - panel.top();
            } else {
                room.left = panel.right();
                room.right = of("legend").map_or(0.0, |legend| width - legend.left());
            }
        }
        room
    }

    fn wider(self, by: f64) -> Value {
        json!({"top": self.top + by, "right": self.right + by,
               "bottom": self.bottom + by, "left": self.left + by})
    }
}

/// The map, once it is there. Copies are the same map.
#[derive(Clone, Copy)]
pub struct Canvas {
    map: StoredValue<Option<Map>, LocalStorage>,
    /// Whether it has been made; views that follow the map wait for it.
    pub ready: RwSignal<bool>,
    /// Whether its first style is read; only then can another be compared with it.
    pub styled: RwSignal<bool>,
    calm: bool,
}

/// What the map tells.
pub struct Told {
    /// A click, in degrees.
    pub clicked: Box<dyn Fn(f64, f64)>,
    /// The map came to rest.
    pub moved: Box<dyn Fn(View)>,
}

impl Canvas {
    /// No map yet. `calm`: the person wants no motion.
    pub fn new(calm: bool) -> Self {
        Self {
            map: StoredValue::new_local(None),
            ready: RwSignal::new(false),
            styled: RwSignal::new(false),
            calm,
        }
    }

    /// Makes the map inside an element. `false`: this browser cannot.
    pub fn make(
        &self,
        inside: &web_sys::Element,
        view: Option<View>,
        style: &Value,
        told: Told,
    ) -> bool {
        let mut options = json!({
            "style": style, "attributionControl": {"compact": true}, "dragRotate": false,
            "pitchWithRotate": false, "touchPitch": false, "maxPitch": 0, "maxZoom": 21,
            "fadeDuration": if self.calm { 0 } else { 150 }, "refreshExpiredTiles": false,
            "clickTolerance": 6, "locale": {"Map.Title": ""},
        });
        if let Some(view) = view {
            options["center"] = json!([view.lng, view.lat]);
            options["zoom"] = json!(view.zoom);
        }
        let options = js(&options);
        set(&options, "container", inside);
        let Ok(map) = Map::new(&options) else { return false };
        pictures(&map);
        listen(&map, told);
        let styled = self.styled;
        let read = Closure::<dyn Fn()>::new(move || {
            styled.try_set(true);
        });
        map.on("style.load", &read.into_js_value());
        map.add_control(&ScaleControl::new(&js(&json!({"maxWidth": 110}))), "bottom-right");
        expose(inside, &map);
        self.map.set_value(Some(map));
        self.ready.set(true);
        true
    }

    /// Takes the map away.
    pub fn remove(&self) {
        self.map.try_update_value(|map| {
            if let Some(map) = map.take() {
                map.remove();
            }
        });
    }

    fn with(&self, work: impl FnOnce(&Map)) {
        self.map.try_with_value(|map| map.as_ref().map(work));
    }

    /// Draws this style: only what differs from the one before is touched.
    pub fn style(&self, style: &Value) {
        self.with(|map| map.set_style(&js(style), &js(&json!({"diff": true}))));
    }

    /// Where the map looks.
    pub fn view(&self) -> Option<View> {
        let mut view = None;
        self.with(|map| {
            let centre = map.get_center();
            view = Some(View { zoom: map.get_zoom(), lng: centre.lng(), lat: centre.lat() });
        });
        view
    }

    /// Whether it is on its way somewhere.
    pub fn is_moving(&self) -> bool {
        let mut moving = false;
        self.with(|map| moving = map.is_moving());
        moving
    }

    /// Looks there at once.
    pub fn jump(&self, view: View) {
        self.with(|map| {
            map.jump_to(&js(&json!({"center": [view.lng, view.lat], "zoom": view.zoom})));
        });
    }

    /// Shows a box: west, south, east, north in degrees.
    pub fn fit(&self, [west, south, east, north]: [f64; 4], at_once: bool) {
        let motion = if at_once || self.calm { 0 } else { 500 };
        let room = Room::now();
        self.with(|map| {
            map.fit_bounds(
                &js(&json!([[west, south], [east, north]])),
                &js(&json!({"padding": room.wider(28.0), "maxZoom": 18, "duration": motion})),
            );
        });
    }

    /// Goes to a place, at least this near.
    pub fn go(&self, lng: f64, lat: f64, least_zoom: f64) {
        let motion = if self.calm { 0 } else { 500 };
        let room = Room::now();
        self.with(|map| {
            let zoom = map.get_zoom().max(least_zoom);
            let to = json!({"center": [lng, lat], "zoom": zoom, "duration": motion,
                            "offset": [(room.left - room.right) / 2.0,
                                       (room.top - room.bottom) / 2.0]});
            map.ease_to(&js(&to));
        });
    }

    /// One step nearer or farther.
    pub fn zoom(&self, nearer: bool) {
        self.with(|map| if nearer { map.zoom_in() } else { map.zoom_out() });
    }

    /// The place under the cross in the middle of what no panel covers.
    pub fn middle(&self) -> Option<(f64, f64)> {
        let cross = document().get_element_by_id("cross")?.get_bounding_client_rect();
        let x = cross.left() + cross.width() / 2.0;
        let y = cross.top() + cross.height() / 2.0;
        let mut middle = None;
        self.with(|map| {
            let place = map.unproject(&js(&json!([x, y])));
            middle = Some((place.lng(), place.lat()));
        });
        middle
    }

    /// Moves the map only if a panel, or the edge, hides the place.
    pub fn reveal(&self, lng: f64, lat: f64) {
        const MARGIN_PX: f64 = 36.0;
        let room = Room::now();
        let (width, height) = screen();
        let mut hidden = false;
        self.with(|map| {
            let at = map.project(&js(&json!([lng, lat])));
            hidden = at.x() < room.left + MARGIN_PX
                || at.x() > width - room.right - MARGIN_PX
                || at.y() < room.top + MARGIN_PX
                || at.y() > height - room.bottom - MARGIN_PX;
        });
        if hidden {
            self.go(lng, lat, 0.0);
        }
    }

    /// Fetches a source's tiles again.
    pub fn refresh(&self, source: &str) {
        self.with(|map| map.refresh_tiles(source));
    }
}

/// Width and height of the window in CSS pixels; the map fills it.
fn screen() -> (f64, f64) {
    let window = window();
    let size = |px: Result<JsValue, JsValue>| px.ok().and_then(|px| px.as_f64()).unwrap_or(0.0);
    (size(window.inner_width()), size(window.inner_height()))
}

/// Patterns and marks are drawn when the style first asks for them.
fn pictures(map: &Map) {
    let asked: JsValue = map.into();
    let resolver = Closure::<dyn Fn(String)>::new(move |name: String| {
        let dark = crate::ui::scheme::is_dark();
        let Some(drawn) = picture(&name, colours::colours(dark).halo) else { return };
        let image = Object::new();
        set(&image, "width", &JsValue::from(drawn.size as u32));
        set(&image, "height", &JsValue::from(drawn.size as u32));
        set(&image, "data", &Uint8ClampedArray::from(drawn.rgba.as_slice()));
        let map: &Map = asked.unchecked_ref();
        map.add_image(&name, &image, &js(&json!({"pixelRatio": 2})));
    });
    map.set_missing_style_image_resolver(&resolver.into_js_value());
}

fn listen(map: &Map, told: Told) {
    let Told { clicked, moved } = told;
    let click = Closure::<dyn Fn(MapEvent)>::new(move |event: MapEvent| {
        let at = event.lng_lat();
        clicked((at.lng() + 180.0).rem_euclid(360.0) - 180.0, at.lat());
    });
    map.on("click", &click.into_js_value());
    let asked: JsValue = map.into();
    let rest = Closure::<dyn Fn()>::new(move || {
        let map: &Map = asked.unchecked_ref();
        let centre = map.get_center();
        moved(View { zoom: map.get_zoom(), lng: centre.lng(), lat: centre.lat() });
    });
    map.on("moveend", &rest.into_js_value());
}

/// The map hangs on its element, so that tests can click where a place is drawn.
fn expose(inside: &web_sys::Element, map: &Map) {
    set(inside, "map", map);
}

/// A JSON value as a plain JavaScript object.
fn js(value: &Value) -> JsValue {
    js_sys::JSON::parse(&value.to_string()).unwrap_or(JsValue::NULL)
}

fn set(object: &JsValue, name: &str, value: &JsValue) {
    // Setting a property of a plain object cannot fail.
    let _ = Reflect::set(object, &JsValue::from_str(name), value);
}
