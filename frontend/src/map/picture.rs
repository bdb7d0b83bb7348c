//! Patterns and marks of the map, drawn by hand: a picture is named by what it shows, so that
//! whoever needs one asks by name and nothing is downloaded.

/// A picture at two pixels to one, red, green, blue, alpha.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Picture {
    /// Pixels on each side.
    pub size: usize,
    /// Its pixels, row by row.
    pub rgba: Vec<u8>,
}

/// The shapes there are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// A pattern of slanting lines: blank zones.
    Hatch,
    /// A pattern of lines both ways: overlaps.
    Cross,
    /// A pattern of dots: gaps.
    Dots,
    /// Two squares over each other: an overlap.
    Squares,
    /// An empty square: a gap.
    Square,
    /// A triangle: a faulty outline.
    Triangle,
    /// A diamond: a stray part.
    Diamond,
}

impl Shape {
    const NAMED: [(&'static str, Self); 7] = [
        ("hatch", Self::Hatch),
        ("cross", Self::Cross),
        ("dots", Self::Dots),
        ("squares", Self::Squares),
        ("square", Self::Square),
        ("triangle", Self::Triangle),
        ("diamond", Self::Diamond),
    ];

    /// The name of the picture of this shape in a colour `#rrggbb`.
    pub fn named(self, colour: &str) -> String {
        let name = Self::NAMED.iter().find(|(_, shape)| *shape == self).map_or("", |named| named.0);
        format!("{name}:{colour}")
    }

    /// Pixels on each side; those of patterns repeat without a seam.
    const fn size(self) -> usize {
        match self {
            Self::Hatch | Self::Dots => 16,
            Self::Cross => 20,
            _ => 36,
        }
    }

    /// Signed distance in pixels from the drawn part; negative inside.
    fn distance(self, x: f64, y: f64) -> f64 {
        let size = self.size() as f64;
        let (u, v) = (x - size / 2.0, y - size / 2.0);
        let line = |at: f64| {
            let along = at.rem_euclid(size);
            along.min(size - along) / std::f64::consts::SQRT_2
        };
        let ring = |u: f64, v: f64, half: f64, width: f64| {
            ((u.abs().max(v.abs())) - half).abs() - width / 2.0
        };
        match self {
            Self::Hatch => line(x + y) - 1.7,
            Self::Cross => line(x + y).min(line(x - y)) - 1.0,
            Self::Dots => u.hypot(v) - 3.2,
            Self::Squares => ring(u + 4.0, v + 4.0, 7.0, 3.2).min(ring(u - 4.0, v - 4.0, 7.0, 3.2)),
            Self::Square => ring(u, v, 9.5, 3.6),
            Self::Triangle => {
                let v = v - 3.0;
                (u.abs() * 0.866 - v * 0.5).max(v) - 7.5
            }
            Self::Diamond => (u.abs() + v.abs()) / std::f64::consts::SQRT_2 - 8.5,
        }
    }
}

/// The picture of this name, if it is one of ours.
pub fn picture(name: &str, halo: &str) -> Option<Picture> {
    let (shape, colour) = name.split_once(':')?;
    let shape = Shape::NAMED.iter().find(|named| named.0 == shape)?.1;
    let (ink, paper) = (channels(colour)?, channels(halo)?);
    let size = shape.size();
    // Marks stand on anything and get a rim; patterns lie on their own ground.
    let rim = if size > 20 { 2.5 } else { 0.0 };
    let mut rgba = Vec::with_capacity(size * size * 4);
    for row in 0..size {
        for column in 0..size {
            let distance = shape.distance(column as f64 + 0.5, row as f64 + 0.5);
            let inked = (0.5 - distance).clamp(0.0, 1.0);
            let covered = (0.5 - (distance - rim)).clamp(0.0, 1.0);
            for (ink, paper) in ink.into_iter().zip(paper) {
                let mixed = if covered > 0.0 {
                    (f64::from(ink) * inked + f64::from(paper) * (covered - inked)) / covered
                } else {
                    f64::from(ink)
                };
                rgba.push(mixed.round() as u8);
            }
            rgba.push((covered * 255.0).round() as u8);
        }
    }
    Some(Picture { size, rgba })
}

fn channels(colour: &str) -> Option<[u8; 3]> {
    let figures = colour.strip_prefix('#').filter(|figures| figures.len() == 6)?;
    let channel = |at: usize| u8::from_str_radix(figures.get(at..at + 2)?, 16).ok();
    Some([channel(0)?, channel(2)?, channel(4)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_has_ink_and_room_around_it() {
        for (name, shape) in Shape::NAMED {
            let drawn = picture(&shape.named("#102030"), "#ffffff").expect(name);
            assert_eq!(drawn.rgba.len(), drawn.size * drawn.size * 4, "{name}");
            let inked = drawn.rgba.chunks(4).filter(|p| p == &[0x10, 0x20, 0x30, 255]).count();
            let empty = drawn.rgba.chunks(4).filter(|p| p[3] == 0).count();
            assert!(inked * 20 > drawn.size * drawn.size, "{name}: {inked} inked");
            assert!(empty * 8 > drawn.size * drawn.size, "{name}: {empty} empty");
        }
    }

    #[test]
    fn a_hatch_repeats_without_a_seam() {
        let shape = Shape::Hatch;
        for step in 0..16 {
            let at = f64::from(step);
            assert!((shape.distance(at, 3.5) - shape.distance(at + 16.0, 3.5)).abs() < 1e-9);
        }
    }

    #[test]
    fn a_name_that_is_not_ours_has_no_picture() {
        assert_eq!(picture("oneway", "#ffffff"), None);
        assert_eq!(picture("hatch:red", "#ffffff"), None);
    }
}
