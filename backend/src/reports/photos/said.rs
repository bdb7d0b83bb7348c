//! What a photo's file says about itself (EXIF): how the camera was held and where. It is used and
//! forgotten; nothing else of it is read.

use exif::{Exif, In, Rational, Reader, Tag, Value};
use spatial::Position;
use std::io::Cursor;

/// What a file said.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Said {
    /// How the camera was held: 1 to 8, 1 when nothing was said.
    pub orientation: u32,
    /// Where it was taken, in WGS 84.
    pub place: Option<Position>,
}

/// Reads what a file says. A file that says nothing, or nonsense, says nothing.
pub fn said(file: &[u8]) -> Said {
    let found = Reader::new().read_from_container(&mut Cursor::new(file));
    let Ok(exif) = found else { return Said { orientation: 1, place: None } };
    let orientation = exif.get_field(Tag::Orientation, In::PRIMARY);
    let orientation = orientation.and_then(|field| field.value.get_uint(0));
    Said { orientation: orientation.unwrap_or(1), place: place(&exif) }
}

fn place(exif: &Exif) -> Option<Position> {
    let lat = degrees(exif, Tag::GPSLatitude, Tag::GPSLatitudeRef, b'S')?;
    let lng = degrees(exif, Tag::GPSLongitude, Tag::GPSLongitudeRef, b'W')?;
    let on_globe = lat.abs() <= 90.0 && lng.abs() <= 180.0;
    // What a camera writes that does not know where it is.
    let nowhere = lat == 0.0 && lng == 0.0;
    (on_globe && !nowhere).then(|| Position::from_degrees(lng, lat)).flatten()
}

/// Degrees, minutes and seconds; negative on the side of the globe with this letter.
fn degrees(exif: &Exif, tag: Tag, side: Tag, negative: u8) -> Option<f64> {
    let Value::Rational(parts) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
    let part = |i: usize| parts.get(i).map_or(0.0, Rational::to_f64);
    let degrees = part(0) + part(1) / 60.0 + part(2) / 3600.0;
    let there = match exif.get_field(side, In::PRIMARY).map(|field| &field.value) {
        Some(Value::Ascii(words)) => words.first().and_then(|word| word.first()) == Some(&negative),
        _ => false,
    };
    degrees.is_finite().then_some(if there { -degrees } else { degrees })
}
