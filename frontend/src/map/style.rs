//! The whole style of the map as one pure function of what is to be seen: the map library finds
//! the difference to what it draws and applies only that.

use crate::address::{Address, Layer};
use crate::map::{base, colours, layers};
use domain::grids::{self, BaseMap};
use domain::reports::REPORT_TILES;
use serde_json::{Map, Value, json};

/// A cell picked out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Selected {
    /// Its code.
    pub code: String,
    /// Its level.
    pub level: u8,
}

/// Everything the style depends on.
#[derive(Debug)]
pub struct Look<'a> {
    /// Whether the night set is wanted.
    pub dark: bool,
    /// Scheme and host of this page: the library wants whole addresses.
    pub origin: &'a str,
    /// Layers and the place asked about.
    pub address: &'a Address,
    /// The edition drawn; nothing of ours is drawn without one.
    pub edition: Option<i64>,
    /// Width of the edition's area in degrees of longitude, which decides when names give way.
    pub width_deg: f64,
    /// What lies under it.
    pub base: Option<&'a BaseMap>,
    /// The cell picked out.
    pub selected: Option<Selected>,
    /// The code of its nearest neighbour at the place asked about.
    pub neighbour: Option<&'a str>,
    /// The blank zone the place asked about lies in.
    pub zone: Option<i32>,
    /// Reports that came in while looking.
    pub fresh: &'a [[f64; 2]],
}

impl Look<'_> {
    /// The zoom at which the whole area is about a thousand pixels wide.
    pub fn whole_zoom(&self) -> f64 {
        (360.0 / self.width_deg.clamp(1e-3, 360.0) * 2.0).log2()
    }
}

/// The style.
pub fn style(look: &Look<'_>) -> Value {
    let colours = colours::colours(look.dark);
    let mut drawn = vec![json!({"id": "ground", "type": "background",
                                "paint": {"background-color": colours.ground}})];
    let mut sources = Map::new();
    if let Some(base) = look.base.filter(|_| look.address.shows(Layer::Base))
        && let Some(source) = base::source(base, look.origin)
    {
        sources.insert("base".to_owned(), source);
        drawn.extend(base::layers(base, colours, look.dark));
    }
    if let Some(edition) = look.edition {
        let tiles = |path: &str| {
            let path = path.replace("{edition}", &edition.to_string());
            json!({"type": "vector", "tiles": [format!("{}{path}", look.origin)],
                   "minzoom": 0, "maxzoom": 17})
        };
        sources.insert("cells".to_owned(), tiles(grids::CELL_TILES));
        sources.insert("problems".to_owned(), tiles(grids::PROBLEM_TILES));
        sources.insert("reports".to_owned(), tiles(REPORT_TILES));
        sources.insert("fresh".to_owned(), geojson(layers::points(look.fresh)));
        drawn.extend(layers::areas(look, colours));
        drawn.extend(layers::borders(look, colours));
        drawn.extend(layers::selection(look, colours));
        drawn.extend(layers::problems(look, colours));
        // Names are placed after what lies above them, and keep clear of its numbers.
        drawn.extend(layers::names(look, colours));
        drawn.extend(layers::reports(look, colours));
    }
    sources.insert("place".to_owned(), geojson(layers::place_data(look.address.at)));
    drawn.extend(layers::place(colours));
    json!({"version": 8, "sources": sources, "layers": drawn,
           "transition": {"duration": 0, "delay": 0}})
}

fn geojson(data: Value) -> Value {
    json!({"type": "geojson", "data": data})
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::At;

    fn look(address: &Address, edition: Option<i64>) -> Value {
        style(&Look {
            dark: false,
            origin: "http://here",
            address,
            edition,
            width_deg: 0.05,
            base: None,
            selected: Some(Selected { code: "A1".to_owned(), level: 2 }),
            neighbour: Some("A2"),
            zone: Some(4),
            fresh: &[],
        })
    }

    fn ids(style: &Value) -> Vec<&str> {
        let layers = style["layers"].as_array().expect("layers");
        layers.iter().filter_map(|layer| layer["id"].as_str()).collect()
    }

    #[test]
    fn every_layer_has_a_name_of_its_own_and_a_source_that_is_there() {
        let style = look(&Address::default(), Some(7));
        let mut names = ids(&style);
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
        for layer in style["layers"].as_array().expect("layers") {
            if let Some(source) = layer["source"].as_str() {
                assert!(style["sources"].get(source).is_some(), "{layer}");
            }
        }
        assert_eq!(style["sources"]["cells"]["tiles"][0], "http://here/tiles/7/cells/{z}/{x}/{y}");
    }

    #[test]
    fn a_layer_switched_off_is_there_but_not_seen() {
        let mut address = Address::default();
        address.switch(Layer::Zones);
        let style = look(&address, Some(7));
        for layer in style["layers"].as_array().expect("layers") {
            let zone = layer["id"].as_str().is_some_and(|id| id.starts_with("zone-"));
            let seen = layer["layout"]["visibility"] != "none";
            if zone {
                assert!(!seen, "{layer}");
            }
        }
    }

    #[test]
    fn without_an_edition_only_the_place_is_drawn() {
        let at = At { lng: 120.0, lat: 31.0, accuracy_m: Some(20.0) };
        let address = Address { at: Some(at), ..Address::default() };
        let style = look(&address, None);
        assert_eq!(
            ids(&style),
            ["ground", "place-circle", "place-circle-edge", "place-ring", "place-dot"]
        );
        let features = style["sources"]["place"]["data"]["features"].as_array().expect("features");
        assert_eq!(features.len(), 2);
    }
}
