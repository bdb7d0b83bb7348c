//! Pixels: made smaller, turned upright, written as a file that says nothing but what is seen.

use jpeg_encoder::{ColorType, Encoder, EncodingError};

/// Red, green and blue of every pixel, row by row from the top left.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Raster {
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Three bytes a pixel.
    pub rgb: Vec<u8>,
}

impl Raster {
    /// From bytes with so many channels a pixel: grey, grey and opacity, colour, colour and
    /// opacity. What can be seen through lies on white. `None` when the bytes are not as many.
    pub fn of(width: usize, height: usize, channels: usize, bytes: Vec<u8>) -> Option<Self> {
        if bytes.len() != width.checked_mul(height)?.checked_mul(channels)? {
            return None;
        }
        let on_white = |value: u8, opacity: u8| {
            let (value, opacity) = (u16::from(value), u16::from(opacity));
            ((value * opacity + 255 * (255 - opacity) + 127) / 255) as u8
        };
        let pixels = || bytes.chunks_exact(channels);
        let rgb = match channels {
            1 => pixels().flat_map(|p| [p[0]; 3]).collect(),
            2 => pixels().flat_map(|p| [on_white(p[0], p[1]); 3]).collect(),
            3 => bytes,
            4 => pixels().flat_map(|p| [p[0], p[1], p[2]].map(|v| on_white(v, p[3]))).collect(),
            _ => return None,
        };
        Some(Self { width, height, rgb })
    }

    /// The same with no edge longer than this: each pixel is the mean of the area it stands for.
    #[must_use]
    pub fn within(&self, edge: usize) -> Self {
        let longest = self.width.max(self.height);
        if longest <= edge {
            return self.clone();
        }
        let fit = |length: usize| (length * edge / longest).max(1);
        let (width, height) = (fit(self.width), fit(self.height));
        let columns = shares(self.width, width);
        let mut narrow = Vec::with_capacity(width * self.height * 3);
        for row in self.rgb.chunks_exact(self.width * 3) {
            for (first, share) in &columns {
                narrow.extend(mean(share, self.width, |i, c| row[(first + i) * 3 + c]));
            }
        }
        let mut rgb = Vec::with_capacity(width * height * 3);
        for (first, share) in shares(self.height, height) {
            for x in 0..width {
                let at = |i: usize, c: usize| narrow[((first + i) * width + x) * 3 + c];
                rgb.extend(mean(&share, self.height, at));
            }
        }
        Self { width, height, rgb }
    }

    /// The same as a person held the camera: by the eight orientations of EXIF (1 is upright; what
    /// is none of them, too).
    #[must_use]
    pub fn upright(self, orientation: u32) -> Self {
        let (w, h) = (self.width, self.height);
        // The pixel that comes to (x, y), in what was.
        let from: fn(usize, usize, usize, usize) -> (usize, usize) = match orientation {
            2 => |x, y, w, _| (w - 1 - x, y),
            3 => |x, y, w, h| (w - 1 - x, h - 1 - y),
            4 => |x, y, _, h| (x, h - 1 - y),
            5 => |x, y, _, _| (y, x),
            6 => |x, y, _, h| (y, h - 1 - x),
            7 => |x, y, w, h| (w - 1 - y, h - 1 - x),
            8 => |x, y, w, _| (w - 1 - y, x),
            _ => return self,
        };
        let (width, height) = if orientation >= 5 { (h, w) } else { (w, h) };
        let mut rgb = Vec::with_capacity(self.rgb.len());
        for y in 0..height {
            for x in 0..width {
                let (from_x, from_y) = from(x, y, w, h);
                let at = (from_y * w + from_x) * 3;
                rgb.extend_from_slice(&self.rgb[at..at + 3]);
            }
        }
        Self { width, height, rgb }
    }

    /// As a JPEG file of this quality, 1 to 100.
    ///
    /// # Errors
    /// When an edge is longer than JPEG can say.
    pub fn jpeg(&self, quality: u8) -> Result<Vec<u8>, EncodingError> {
        let edge = |length: usize| u16::try_from(length).unwrap_or(u16::MAX);
        let mut file = Vec::new();
        let encoder = Encoder::new(&mut file, quality);
        encoder.encode(&self.rgb, edge(self.width), edge(self.height), ColorType::Rgb)?;
        Ok(file)
    }
}

/// For each of `to` new pixels the first of `from` old ones it covers, and how much it covers of
/// that one and the next ones; each list of shares adds up to `from`.
fn shares(from: usize, to: usize) -> Vec<(usize, Vec<u32>)> {
    // Measured in parts of an old pixel, of which it has `to`: then all of it is whole numbers.
    let of = |new: usize| {
        let (begin, end) = (new * from, (new + 1) * from);
        let first = begin / to;
        let olds = first..=(end - 1) / to;
        let share = |old: usize| (end.min((old + 1) * to) - begin.max(old * to)) as u32;
        (first, olds.map(share).collect())
    };
    (0..to).map(of).collect()
}

fn mean(share: &[u32], whole: usize, value: impl Fn(usize, usize) -> u8) -> [u8; 3] {
    let whole = whole as u32;
    [0, 1, 2].map(|channel| {
        let each = share.iter().enumerate().map(|(i, part)| part * u32::from(value(i, channel)));
        ((each.sum::<u32>() + whole / 2) / whole) as u8
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A raster whose pixels are numbered from 1.
    fn numbered(width: usize, height: usize) -> Raster {
        let rgb = (1..=width * height).flat_map(|n| [n as u8; 3]).collect();
        Raster { width, height, rgb }
    }

    fn numbers(raster: &Raster) -> Vec<u8> {
        raster.rgb.iter().copied().step_by(3).collect()
    }

    #[test]
    fn each_orientation_brings_its_own_corner_to_the_top_left() {
        // 1 2 3
        // 4 5 6
        for (orientation, expected) in [
            (1, [1, 2, 3, 4, 5, 6]),
            (2, [3, 2, 1, 6, 5, 4]),
            (3, [6, 5, 4, 3, 2, 1]),
            (4, [4, 5, 6, 1, 2, 3]),
            (5, [1, 4, 2, 5, 3, 6]),
            (6, [4, 1, 5, 2, 6, 3]),
            (7, [6, 3, 5, 2, 4, 1]),
            (8, [3, 6, 2, 5, 1, 4]),
            (0, [1, 2, 3, 4, 5, 6]),
            (99, [1, 2, 3, 4, 5, 6]),
        ] {
            let turned = numbered(3, 2).upright(orientation);
            assert_eq!(numbers(&turned), expected, "{orientation}");
            let lying = (5..=8).contains(&orientation);
            assert_eq!((turned.width, turned.height), if lying { (2, 3) } else { (3, 2) });
        }
    }

    #[test]
    fn smaller_keeps_the_shape_and_every_pixel_counts_by_its_area() {
        let half = numbered(4, 2).within(2);
        assert_eq!((half.width, half.height), (2, 1));
        // The means of 1 2 5 6 and of 3 4 7 8, halves rounded up.
        assert_eq!(numbers(&half), [4, 6]);
        assert_eq!(numbered(4, 2).within(4), numbered(4, 2));
        for to in 1..7 {
            for (first, share) in shares(7, to) {
                assert_eq!(share.iter().sum::<u32>(), 7);
                assert!(first + share.len() <= 7 && share.iter().all(|part| *part > 0));
            }
        }
        let thread = numbered(200, 1).within(3);
        assert_eq!((thread.width, thread.height), (3, 1));
    }

    #[test]
    fn what_can_be_seen_through_lies_on_white() {
        let clear = Raster::of(2, 1, 4, vec![9, 9, 9, 0, 9, 9, 9, 255]).expect("two pixels");
        assert_eq!(numbers(&clear), [255, 9]);
        let grey = Raster::of(1, 1, 2, vec![100, 255]).expect("a pixel");
        assert_eq!(grey.rgb, [100; 3]);
        assert_eq!(Raster::of(2, 2, 3, vec![0; 11]), None);
    }
}
