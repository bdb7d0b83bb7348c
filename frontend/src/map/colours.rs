//! The map's colours, by day and by night. The page's own stand in `style/tokens.css`.

/// Hues of the cells; a cell and its blank zones share one.
const HUES: usize = 8;

/// One set of colours.
#[derive(Debug)]
pub struct Colours {
    /// Ground nothing is drawn on.
    pub ground: &'static str,
    /// Water.
    pub water: &'static str,
    /// Names on water.
    pub water_name: &'static str,
    /// Parks and other green.
    pub green: &'static str,
    /// Plots people live on.
    pub plot: &'static str,
    /// Plots of works and stores.
    pub works: &'static str,
    /// Plots of shops.
    pub shops: &'static str,
    /// Plots of schools and hospitals.
    pub public: &'static str,
    /// Buildings.
    pub building: &'static str,
    /// Their outline.
    pub building_edge: &'static str,
    /// Walls.
    pub wall: &'static str,
    /// The surface of streets.
    pub street: &'static str,
    /// Their edge.
    pub street_edge: &'static str,
    /// Names of streets.
    pub street_name: &'static str,
    /// Borders of cells.
    pub border: &'static str,
    /// Names of cells.
    pub name: &'static str,
    /// What names are cut out with.
    pub halo: &'static str,
    /// What is selected.
    pub accent: &'static str,
    /// The neighbour.
    pub neighbour: &'static str,
    /// Problems.
    pub problem: &'static str,
    /// Reports.
    pub report: &'static str,
    /// On a report's colour.
    pub on_report: &'static str,
    /// The hues of cells, strong enough for a hatch.
    pub hues: [&'static str; HUES],
    /// How much of a hue lies over a cell.
    pub tint: f64,
}

/// By day.
pub const DAY: Colours = Colours {
    ground: "#f3f1eb",
    water: "#c5dbe6",
    water_name: "#4a7488",
    green: "#d9e6cd",
    plot: "#eceae3",
    works: "#e5e5e8",
    shops: "#f0e6df",
    public: "#efead6",
    building: "#dedad0",
    building_edge: "#cfcabd",
    wall: "#8b8273",
    street: "#ffffff",
    street_edge: "#ddd8cc",
    street_name: "#6d685e",
    border: "#3f4c53",
    name: "#20292e",
    halo: "#ffffff",
    accent: "#00685c",
    neighbour: "#7a4b00",
    problem: "#b3261e",
    report: "#2b3a55",
    on_report: "#ffffff",
    hues: ["#2f6db5", "#a8580f", "#7a4fb0", "#2f7d32", "#b03a6b", "#5f6b1b", "#8a5a2b", "#007a87"],
    tint: 0.07,
};

/// By night.
pub const NIGHT: Colours = Colours {
    ground: "#15191b",
    water: "#1b3440",
    water_name: "#7fa9bb",
    green: "#1d2a1f",
    plot: "#1b2023",
    works: "#1d2228",
    shops: "#231f1e",
    public: "#22211b",
    building: "#262c30",
    building_edge: "#333a3f",
    wall: "#7d766a",
    street: "#30373b",
    street_edge: "#1c2123",
    street_name: "#9aa3a6",
    border: "#a3b1b8",
    name: "#eef2f3",
    halo: "#12171a",
    accent: "#5fd3c0",
    neighbour: "#f0b35a",
    problem: "#ff8a80",
    report: "#d7e0f2",
    on_report: "#141a24",
    hues: ["#7db3f0", "#f0a862", "#bf9bf0", "#86cf8a", "#f090b6", "#c3d06b", "#d9ad82", "#62c6d2"],
    tint: 0.09,
};

/// The set for a scheme.
pub const fn colours(dark: bool) -> &'static Colours {
    if dark { &NIGHT } else { &DAY }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luminance(colour: &str) -> f64 {
        let channel = |at: usize| {
            let value = u8::from_str_radix(&colour[at..at + 2], 16).expect("two hex figures");
            let value = f64::from(value) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    /// The contrast ratio of WCAG 2.
    fn contrast(one: &str, other: &str) -> f64 {
        let (a, b) = (luminance(one), luminance(other));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn names_stand_out_by_4_5_and_shapes_by_3_from_the_ground() {
        for set in [&DAY, &NIGHT] {
            for text in [set.name, set.street_name, set.accent, set.neighbour, set.problem] {
                assert!(contrast(text, set.halo) >= 4.5, "{text} on {}", set.halo);
            }
            assert!(contrast(set.on_report, set.report) >= 4.5);
            let shapes = [set.border, set.accent, set.neighbour, set.problem, set.report];
            for shape in shapes.iter().chain(&set.hues) {
                assert!(contrast(shape, set.ground) >= 3.0, "{shape} on {}", set.ground);
            }
        }
    }
}
