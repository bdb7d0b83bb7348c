//! The state of the map screen as its address: what is looked at, asked about, shown, and said.

use crate::words::Language;

/// A layer that can be switched on and off.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Layer {
    /// Borders of cells.
    Cells,
    /// Names of cells.
    Labels,
    /// Blank zones.
    Zones,
    /// What was wrong with the imported file.
    Problems,
    /// Reports.
    Reports,
    /// What lies under it all.
    Base,
}

impl Layer {
    /// Every layer, topmost first.
    pub const ALL: [Self; 6] =
        [Self::Reports, Self::Problems, Self::Zones, Self::Cells, Self::Labels, Self::Base];

    /// How the address names it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Cells => "cells",
            Self::Labels => "labels",
            Self::Zones => "zones",
            Self::Problems => "problems",
            Self::Reports => "reports",
            Self::Base => "base",
        }
    }

    /// Problems are the planner's business and off until asked for.
    pub const fn shown_at_first(self) -> bool {
        !matches!(self, Self::Problems)
    }
}

/// Where the map looks.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct View {
    /// Zoom level of 512-pixel tiles.
    pub zoom: f64,
    /// Longitude of the centre in degrees, CGCS2000.
    pub lng: f64,
    /// Latitude of the centre in degrees, CGCS2000.
    pub lat: f64,
}

/// A place asked about.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct At {
    /// Longitude in degrees, CGCS2000.
    pub lng: f64,
    /// Latitude in degrees, CGCS2000.
    pub lat: f64,
    /// Its accuracy radius in metres, where one is known.
    pub accuracy_m: Option<f64>,
}

/// Everything the address holds.
#[derive(Clone, PartialEq, Debug)]
pub struct Address {
    /// Where the map looks; the whole area if nothing is said.
    pub view: Option<View>,
    /// The place asked about.
    pub at: Option<At>,
    /// The code of the cell shown; a place asked about goes first.
    pub cell: Option<String>,
    /// The edition shown; the current one if nothing is said.
    pub edition: Option<i64>,
    /// The layers shown, in the order of [`Layer::ALL`].
    pub layers: [bool; Layer::ALL.len()],
    /// The language.
    pub language: Language,
}

impl Default for Address {
    fn default() -> Self {
        Self {
            view: None,
            at: None,
            cell: None,
            edition: None,
            layers: Layer::ALL.map(Layer::shown_at_first),
            language: Language::default(),
        }
    }
}

impl Address {
    /// Whether a layer is shown.
    pub fn shows(&self, layer: Layer) -> bool {
        Layer::ALL.iter().zip(self.layers).any(|(each, shown)| *each == layer && shown)
    }

    /// Switches a layer.
    pub fn switch(&mut self, layer: Layer) {
        for (each, shown) in Layer::ALL.iter().zip(&mut self.layers) {
            if *each == layer {
                *shown = !*shown;
            }
        }
    }

    /// From decoded query parameters; what cannot be understood is as if not there.
    pub fn read(value_of: impl Fn(&str) -> Option<String>) -> Self {
        let layers = value_of("layers").map_or(Self::default().layers, |listed| {
            Layer::ALL.map(|layer| listed.split('.').any(|code| code == layer.code()))
        });
        let accuracy_m = value_of("accuracy").and_then(|text| text.parse().ok());
        Self {
            view: value_of("view").as_deref().and_then(numbers).and_then(|[zoom, lng, lat]| {
                on_earth(lng, lat).then_some(View { zoom: zoom.clamp(0.0, 24.0), lng, lat })
            }),
            at: value_of("at").as_deref().and_then(numbers).and_then(|[lng, lat]| {
                let accuracy_m = accuracy_m.filter(|m: &f64| m.is_finite() && *m > 0.0);
                on_earth(lng, lat).then_some(At { lng, lat, accuracy_m })
            }),
            cell: value_of("cell").filter(|code| !code.is_empty()),
            edition: value_of("edition").and_then(|text| text.parse().ok()),
            layers,
            language: match value_of("lang").as_deref() {
                Some("en") => Language::En,
                _ => Language::Zh,
            },
        }
    }

    /// The query string, `?` included; what is as at first is left out.
    pub fn query(&self) -> String {
        let mut pairs = Vec::new();
        if let Some(View { zoom, lng, lat }) = self.view {
            pairs.push(format!("view={zoom:.2},{lng:.5},{lat:.5}"));
        }
        if let Some(At { lng, lat, accuracy_m }) = self.at {
            pairs.push(format!("at={lng:.7},{lat:.7}"));
            pairs.extend(accuracy_m.map(|metres| format!("accuracy={metres:.0}")));
        }
        pairs.extend(self.cell.iter().map(|code| format!("cell={}", escaped(code))));
        pairs.extend(self.edition.map(|edition| format!("edition={edition}")));
        if self.layers != Self::default().layers {
            let shown = Layer::ALL.iter().zip(self.layers).filter(|(_, shown)| *shown);
            let codes: Vec<&str> = shown.map(|(layer, _)| layer.code()).collect();
            pairs.push(format!("layers={}", codes.join(".")));
        }
        if self.language != Language::default() {
            pairs.push(format!("lang={}", self.language.code()));
        }
        if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
    }
}

/// As many finite numbers as asked for, with commas between.
fn numbers<const N: usize>(text: &str) -> Option<[f64; N]> {
    let all: Option<Vec<f64>> = text
        .split(',')
        .map(|part| part.trim().parse().ok().filter(|number: &f64| number.is_finite()))
        .collect();
    all?.try_into().ok()
}

fn on_earth(lng: f64, lat: f64) -> bool {
    (-180.0..=180.0).contains(&lng) && (-90.0..=90.0).contains(&lat)
}

/// The page that follows a report by its tracking code; with an empty code it asks for one.
pub fn of_report(code: &str, language: Language) -> String {
    let language = match language {
        Language::Zh => String::new(),
        other => format!("?lang={}", other.code()),
    };
    match code {
        "" => format!("/t{language}"),
        code => format!("/t/{}{language}", escaped(code)),
    }
}

/// Percent-encoded for a query or a path segment.
pub fn escaped(text: &str) -> String {
    let mut said = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            said.push(char::from(byte));
        } else {
            said.push_str(&format!("%{byte:02X}"));
        }
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Address {
        Address::read(|name| {
            query.trim_start_matches('?').split('&').find_map(|pair| {
                let (key, value) = pair.split_once('=')?;
                (key == name).then(|| value.replace("%20", " "))
            })
        })
    }

    #[test]
    fn an_address_says_everything_and_is_read_back_the_same() {
        let mut address = Address {
            view: Some(View { zoom: 15.25, lng: 120.63125, lat: 31.26 }),
            at: Some(At { lng: 120.6312345, lat: 31.2600001, accuracy_m: Some(30.0) }),
            cell: Some("320506 1".to_owned()),
            edition: Some(3),
            language: Language::En,
            ..Address::default()
        };
        address.switch(Layer::Problems);
        address.switch(Layer::Base);
        assert_eq!(
            address.query(),
            "?view=15.25,120.63125,31.26000&at=120.6312345,31.2600001&accuracy=30\
             &cell=320506%201&edition=3&layers=reports.problems.zones.cells.labels&lang=en"
        );
        assert_eq!(read(&address.query()), address);
    }

    #[test]
    fn nothing_said_is_an_empty_query() {
        assert_eq!(Address::default().query(), "");
        assert_eq!(read(""), Address::default());
    }

    #[test]
    fn nonsense_is_as_if_not_there() {
        let address = read("?view=a,b&at=120,95&accuracy=-3&edition=x&lang=fr&cell=");
        assert_eq!(address, Address::default());
        assert_eq!(read("?at=NaN,31").at, None);
    }

    #[test]
    fn a_report_is_followed_at_an_address_of_its_own() {
        assert_eq!(of_report("7QKM-2X", Language::Zh), "/t/7QKM-2X");
        assert_eq!(of_report("a b", Language::En), "/t/a%20b?lang=en");
        assert_eq!(of_report("", Language::En), "/t?lang=en");
    }

    #[test]
    fn every_layer_can_be_off() {
        assert_eq!(read("?layers=").layers, [false; 6]);
        assert!(read("?layers=zones").shows(Layer::Zones));
        assert!(!read("?layers=zones").shows(Layer::Cells));
    }
}
