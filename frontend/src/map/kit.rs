//! The map library's objects as Rust sees them: the only JavaScript this program calls.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(raw_module = "./map-kit.js")]
extern "C" {
    /// The map.
    pub type Map;

    #[wasm_bindgen(constructor, catch)]
    pub fn new(options: &JsValue) -> Result<Map, JsValue>;
    #[wasm_bindgen(method)]
    pub fn on(this: &Map, event: &str, listener: &JsValue) -> JsValue;
    #[wasm_bindgen(method)]
    pub fn remove(this: &Map);
    #[wasm_bindgen(method, js_name = setStyle)]
    pub fn set_style(this: &Map, style: &JsValue, options: &JsValue);
    #[wasm_bindgen(method, js_name = setMissingStyleImageResolver)]
    pub fn set_missing_style_image_resolver(this: &Map, resolver: &JsValue);
    #[wasm_bindgen(method, js_name = addImage)]
    pub fn add_image(this: &Map, name: &str, image: &JsValue, options: &JsValue);
    #[wasm_bindgen(method, js_name = getZoom)]
    pub fn get_zoom(this: &Map) -> f64;
    #[wasm_bindgen(method, js_name = getCenter)]
    pub fn get_center(this: &Map) -> LngLat;
    #[wasm_bindgen(method, js_name = jumpTo)]
    pub fn jump_to(this: &Map, to: &JsValue);
    #[wasm_bindgen(method, js_name = easeTo)]
    pub fn ease_to(this: &Map, to: &JsValue);
    #[wasm_bindgen(method, js_name = fitBounds)]
    pub fn fit_bounds(this: &Map, bounds: &JsValue, options: &JsValue);
    #[wasm_bindgen(method, js_name = isMoving)]
    pub fn is_moving(this: &Map) -> bool;
    #[wasm_bindgen(method, js_name = zoomIn)]
    pub fn zoom_in(this: &Map);
    #[wasm_bindgen(method, js_name = zoomOut)]
    pub fn zoom_out(this: &Map);
    #[wasm_bindgen(method)]
    pub fn unproject(this: &Map, point: &JsValue) -> LngLat;
    #[wasm_bindgen(method)]
    pub fn project(this: &Map, place: &JsValue) -> Point;
    #[wasm_bindgen(method, js_name = refreshTiles)]
    pub fn refresh_tiles(this: &Map, source: &str);
    #[wasm_bindgen(method, js_name = addControl)]
    pub fn add_control(this: &Map, control: &JsValue, corner: &str);

    /// The scale bar.
    pub type ScaleControl;
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue) -> ScaleControl;
}

#[wasm_bindgen]
extern "C" {
    /// A place on the map, in degrees.
    pub type LngLat;
    #[wasm_bindgen(method, getter)]
    pub fn lng(this: &LngLat) -> f64;
    #[wasm_bindgen(method, getter)]
    pub fn lat(this: &LngLat) -> f64;

    /// A place on the screen, in pixels from the map's upper left corner.
    pub type Point;
    #[wasm_bindgen(method, getter)]
    pub fn x(this: &Point) -> f64;
    #[wasm_bindgen(method, getter)]
    pub fn y(this: &Point) -> f64;

    /// What a listener is told.
    pub type MapEvent;
    #[wasm_bindgen(method, getter, js_name = lngLat)]
    pub fn lng_lat(this: &MapEvent) -> LngLat;
}
