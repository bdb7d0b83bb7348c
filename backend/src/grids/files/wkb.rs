//! Well-known binary, as OGC and ISO write it, behind a GeoPackage's header.

use super::shape::{Draft, FoundRing, Shaper};
use domain::refusal::Both;

/// How deep collections may be nested in each other.
const DEEPEST: usize = 8;

/// Adds the polygons of a GeoPackage's geometry blob to the draft, or names what is wrong.
pub(super) fn geopackage(shaper: &mut Shaper<'_>, draft: &mut Draft, blob: &[u8]) {
    let Some(body) = body(blob) else {
        return shaper.problem(draft, None, damaged());
    };
    let mut cursor = Cursor { bytes: body, at: 0 };
    if geometry(shaper, draft, &mut cursor, 0).is_none() {
        // what was whole before the damage is not kept: nobody could say what is missing
        draft.parts.clear();
        shaper.problem(draft, None, damaged());
    }
}

/// What stands behind the header: magic, version, flags, reference system, envelope.
fn body(blob: &[u8]) -> Option<&[u8]> {
    if blob.get(..2)? != b"GP" {
        return None;
    }
    let envelope = match (*blob.get(3)? >> 1) & 7 {
        0 => 0,
        1 => 32,
        2 | 3 => 48,
        4 => 64,
        _ => return None,
    };
    blob.get(8 + envelope..)
}

fn damaged() -> Both {
    Both::new("图形数据有误或不完整，未导入", "its geometry is damaged or cut short; left out")
}

struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Cursor<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let taken = self.bytes.get(self.at..self.at + N)?.try_into().ok()?;
        self.at += N;
        Some(taken)
    }

    fn int(&mut self, little: bool) -> Option<u32> {
        let bytes = self.take()?;
        Some(if little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }

    fn double(&mut self, little: bool) -> Option<f64> {
        let bytes = self.take()?;
        Some(if little { f64::from_le_bytes(bytes) } else { f64::from_be_bytes(bytes) })
    }

    /// A count of things of at least so many bytes, if that many can still follow.
    fn count(&mut self, little: bool, least_bytes: usize) -> Option<usize> {
        let count = usize::try_from(self.int(little)?).ok()?;
        let left = self.bytes.len() - self.at;
        (count.checked_mul(least_bytes)? <= left).then_some(count)
    }
}

/// Reads one geometry; `None` when the bytes do not add up.
fn geometry(
    shaper: &mut Shaper<'_>,
    draft: &mut Draft,
    cursor: &mut Cursor<'_>,
    depth: usize,
) -> Option<()> {
    let little = match cursor.take()? {
        [0] => false,
        [1] => true,
        _ => return None,
    };
    let (kind, dimensions) = kind(cursor.int(little)?);
    match kind {
        3 => polygon(shaper, draft, cursor, little, dimensions),
        4..=7 | 15 | 16 if kind != 5 && depth < DEEPEST => {
            for _ in 0..cursor.count(little, 5)? {
                geometry(shaper, draft, cursor, depth + 1)?;
            }
            Some(())
        }
        _ => thin(shaper, draft, cursor, little, kind, dimensions),
    }
}

/// The type of geometry and its numbers a point, of an ISO or an extended type number.
fn kind(number: u32) -> (u32, usize) {
    let flags = number >> 29;
    let iso = number & 0x0fff_ffff;
    let (thousands, kind) = (iso / 1000, iso % 1000);
    let heights = thousands == 1 || thousands == 3 || flags & 4 != 0;
    let measures = thousands == 2 || thousands == 3 || flags & 2 != 0;
    (kind, 2 + usize::from(heights) + usize::from(measures))
}

fn polygon(
    shaper: &mut Shaper<'_>,
    draft: &mut Draft,
    cursor: &mut Cursor<'_>,
    little: bool,
    dimensions: usize,
) -> Option<()> {
    let mut rings: Vec<FoundRing> = Vec::new();
    for _ in 0..cursor.count(little, 4)? {
        let mut ring: FoundRing = Ok(Vec::new());
        for i in 0..cursor.count(little, 8 * dimensions)? {
            let (x, y) = (cursor.double(little)?, cursor.double(little)?);
            cursor.at += 8 * (dimensions - 2);
            match &mut ring {
                Ok(points) if x.is_finite() && y.is_finite() => points.push([x, y]),
                Ok(_) => ring = Err((i + 1, format!("[{x}, {y}]"))),
                Err(_) => {}
            }
        }
        rings.push(ring);
    }
    shaper.part(draft, rings);
    Some(())
}

/// Passes a point or a line, which has no area, and says so.
fn thin(
    shaper: &mut Shaper<'_>,
    draft: &mut Draft,
    cursor: &mut Cursor<'_>,
    little: bool,
    kind: u32,
    dimensions: usize,
) -> Option<()> {
    match kind {
        1 => cursor.at += 8 * dimensions,
        2 => cursor.at += 8 * dimensions * cursor.count(little, 8 * dimensions)?,
        5 => {
            for _ in 0..cursor.count(little, 5)? {
                cursor.take::<5>()?;
                cursor.at += 8 * dimensions * cursor.count(little, 8 * dimensions)?;
            }
        }
        // curves and surfaces: their length is not known here, so nothing behind them is read
        _ => cursor.at = cursor.bytes.len(),
    }
    (cursor.at <= cursor.bytes.len()).then_some(())?;
    let reason = Both::new(
        format!("图形类型 {kind} 不是面，未导入"),
        format!("its geometry of type {kind} is no polygon; left out"),
    );
    shaper.problem(draft, None, reason);
    Some(())
}
