//! Whether a JPEG file is whole: it has its end, and all the pixels that it says it has are there.
//! A decoder would fill in grey what is missing.
//!
//! The codes are read as ITU-T T.81 says (annexes B, F and G of the standard) without making
//! pixels of them. Of a progressive file only the end is looked for: its decoder says what is
//! missing.

/// Whether a JPEG file is whole. What stands after its end does not matter.
pub fn is_whole(file: &[u8]) -> bool {
    File { bytes: file, ..File::default() }.walk() == Some(true)
}

/// A file on the way through it.
#[derive(Default)]
struct File<'a> {
    bytes: &'a [u8],
    /// Tables of codes: first those of the mean of a block, then those of the rest of it.
    tables: [[Option<Codes>; 4]; 2],
    frame: Option<Frame>,
    /// After how many units a restart marker stands; 0: none does.
    restart: usize,
    /// Components whose pixels were found.
    found: Vec<u8>,
}

/// What the file says of its pixels.
struct Frame {
    /// Whether codes can be followed one by one.
    sequential: bool,
    width: usize,
    height: usize,
    components: Vec<Component>,
}

#[derive(Clone, Copy)]
struct Component {
    name: u8,
    /// Blocks in a unit, across and down.
    across: usize,
    down: usize,
}

impl File<'_> {
    /// Walks over all segments; whether all pixels were there at the end. `None`: there is none.
    fn walk(&mut self) -> Option<bool> {
        let mut at = 2;
        loop {
            // A marker may have any number of fill bytes before it.
            while *self.bytes.get(at)? == 0xff && *self.bytes.get(at + 1)? == 0xff {
                at += 1;
            }
            let marker = (*self.bytes.get(at)? == 0xff).then_some(*self.bytes.get(at + 1)?)?;
            at += 2;
            match marker {
                0xd9 => {
                    let frame = self.frame.as_ref()?;
                    let found = |of: &Component| self.found.contains(&of.name);
                    return Some(frame.components.iter().all(found));
                }
                0x01 | 0xd0..=0xd8 => continue,
                _ => {}
            }
            let length = usize::from(two(self.bytes, at)?);
            let segment = self.bytes.get(at + 2..at + length.max(2))?;
            at += length;
            match marker {
                0xc4 => self.codes(segment)?,
                0xc0..=0xcf if ![0xc8, 0xcc].contains(&marker) => self.frame(marker, segment)?,
                0xdd => self.restart = usize::from(two(segment, 0)?),
                0xda => at = self.scan(segment, at)?,
                _ => {}
            }
        }
    }

    fn codes(&mut self, mut segment: &[u8]) -> Option<()> {
        while let Some((&which, rest)) = segment.split_first() {
            let counts = rest.get(..16)?;
            let total = counts.iter().map(|&count| usize::from(count)).sum::<usize>();
            let symbols = rest.get(16..16 + total)?;
            let (class, number) = (usize::from(which >> 4), usize::from(which & 15));
            *self.tables.get_mut(class)?.get_mut(number)? = Some(Codes::new(counts, symbols)?);
            segment = &rest[16 + total..];
        }
        Some(())
    }

    fn frame(&mut self, marker: u8, segment: &[u8]) -> Option<()> {
        let component = |three: &[u8]| Component {
            name: three[0],
            across: usize::from(three[1] >> 4).max(1),
            down: usize::from(three[1] & 15).max(1),
        };
        self.frame = Some(Frame {
            sequential: matches!(marker, 0xc0 | 0xc1),
            height: usize::from(two(segment, 1)?),
            width: usize::from(two(segment, 3)?),
            components: segment.get(6..)?.chunks_exact(3).map(component).collect(),
        });
        Some(())
    }

    /// Goes over the codes of a scan to the marker after it.
    fn scan(&mut self, segment: &[u8], begin: usize) -> Option<usize> {
        let frame = self.frame.as_ref()?;
        let count = usize::from(*segment.first()?);
        let mut scanned = Vec::new();
        for two in segment.get(1..1 + count * 2)?.chunks_exact(2) {
            let component = *frame.components.iter().find(|of| of.name == two[0])?;
            scanned.push((component, usize::from(two[1] >> 4), usize::from(two[1] & 15)));
        }
        self.found.extend(scanned.iter().map(|(component, ..)| component.name));
        let mut bits = Bits::new(self.bytes, begin);
        if frame.sequential {
            let (units, alone) = (frame.units(&scanned), scanned.len() == 1);
            for unit in 0..units {
                if self.restart > 0 && unit > 0 && unit % self.restart == 0 {
                    bits.restart()?;
                }
                for &(component, mean, rest) in &scanned {
                    let blocks = if alone { 1 } else { component.across * component.down };
                    let mean = self.tables[0].get(mean)?.as_ref()?;
                    let rest = self.tables[1].get(rest)?.as_ref()?;
                    (0..blocks).try_for_each(|_| bits.block(mean, rest))?;
                }
            }
        }
        bits.marker()
    }
}

impl Frame {
    /// How many units a scan of these components has: of one alone its own blocks, of several what
    /// they cover together.
    fn units(&self, scanned: &[(Component, usize, usize)]) -> usize {
        let most = |of: fn(&Component) -> usize| self.components.iter().map(of).max().unwrap_or(1);
        let (across, down) = (most(|c| c.across), most(|c| c.down));
        match scanned {
            [(one, ..)] => {
                let width = (self.width * one.across).div_ceil(across).div_ceil(8);
                width * (self.height * one.down).div_ceil(down).div_ceil(8)
            }
            _ => self.width.div_ceil(8 * across) * self.height.div_ceil(8 * down),
        }
    }
}

fn two(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]))
}

/// A table of codes: for each sixteen bits that may come, how long the code is that they begin with
/// and what it means. A length of 0: no code begins so.
struct Codes(Vec<(u8, u8)>);

impl Codes {
    fn new(counts: &[u8], symbols: &[u8]) -> Option<Self> {
        let mut all = Vec::with_capacity(1 << 16);
        let mut symbols = symbols.iter();
        for (length, &count) in (1..=16_u8).zip(counts) {
            for &symbol in symbols.by_ref().take(count.into()) {
                let filled = all.len() + (1 << (16 - length));
                if filled > 1 << 16 {
                    return None;
                }
                all.resize(filled, (length, symbol));
            }
        }
        all.resize(1 << 16, (0, 0));
        Some(Self(all))
    }
}

/// The bits of a scan.
struct Bits<'a> {
    bytes: &'a [u8],
    /// Of the next byte; it stops at a marker.
    at: usize,
    /// Bits read ahead, the next one highest, and how many there are.
    ahead: u64,
    count: u32,
}

impl<'a> Bits<'a> {
    fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at, ahead: 0, count: 0 }
    }

    /// Reads ahead as far as there is room and no marker comes.
    fn fill(&mut self) {
        while self.count <= 56 {
            let Some(&byte) = self.bytes.get(self.at) else { return };
            if byte == 0xff {
                if self.bytes.get(self.at + 1) != Some(&0) {
                    return;
                }
                self.at += 1;
            }
            self.at += 1;
            self.ahead |= u64::from(byte) << (56 - self.count);
            self.count += 8;
        }
    }

    /// Passes over so many bits; `None`: there are not as many.
    fn pass(&mut self, bits: u8) -> Option<()> {
        let bits = u32::from(bits);
        self.count = self.count.checked_sub(bits)?;
        self.ahead <<= bits;
        Some(())
    }

    /// What the next code means, and as many bits more as it says.
    fn code(&mut self, codes: &Codes) -> Option<u8> {
        if self.count < 32 {
            self.fill();
        }
        let (length, symbol) = codes.0[(self.ahead >> 48) as usize];
        self.pass((length > 0).then_some(length)?)?;
        self.pass(symbol & 15)?;
        Some(symbol)
    }

    /// Passes over a block of 64 numbers.
    fn block(&mut self, mean: &Codes, rest: &Codes) -> Option<()> {
        self.code(mean)?;
        let mut number = 1;
        while number < 64 {
            let symbol = self.code(rest)?;
            match (symbol >> 4, symbol & 15) {
                // The rest of the block is nothing.
                (zeros, 0) if zeros < 15 => break,
                (zeros, _) => number += 1 + zeros,
            }
        }
        Some(())
    }

    /// Where the next marker is.
    fn marker(&mut self) -> Option<usize> {
        while *self.bytes.get(self.at)? != 0xff
            || matches!(*self.bytes.get(self.at + 1)?, 0x00 | 0xff)
        {
            self.at += 1;
        }
        let restart = matches!(self.bytes[self.at + 1], 0xd0..=0xd7);
        if restart {
            self.at += 2;
            return self.marker();
        }
        Some(self.at)
    }

    /// Goes on after a restart marker, which must come now.
    fn restart(&mut self) -> Option<()> {
        self.fill();
        let marker = (*self.bytes.get(self.at)?, *self.bytes.get(self.at + 1)?);
        if self.count >= 8 || !matches!(marker, (0xff, 0xd0..=0xd7)) {
            return None;
        }
        *self = Self::new(self.bytes, self.at + 2);
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

    /// A picture as every kind of encoder would write it.
    fn files() -> Vec<Vec<u8>> {
        let (width, height) = (51_u16, 37_u16);
        let pixel = |n: u32| (n.wrapping_mul(2_654_435_761) >> 24) as u8 & 0x7f;
        let rgb: Vec<u8> = (0..u32::from(width) * u32::from(height) * 3).map(pixel).collect();
        let mut files = Vec::new();
        for sampling in [SamplingFactor::F_1_1, SamplingFactor::F_2_1, SamplingFactor::F_2_2] {
            for (restart, optimised, progressive) in
                [(0, false, false), (3, false, false), (0, true, false), (1, true, false)]
                    .into_iter()
                    .chain([(0, false, true)])
            {
                let mut file = Vec::new();
                let mut encoder = Encoder::new(&mut file, 85);
                encoder.set_sampling_factor(sampling);
                encoder.set_optimized_huffman_tables(optimised);
                encoder.set_progressive(progressive);
                if restart > 0 {
                    encoder.set_restart_interval(restart);
                }
                encoder.encode(&rgb, width, height, ColorType::Rgb).expect("a file");
                files.push(file);
            }
        }
        files
    }

    #[test]
    fn what_encoders_write_is_whole_whatever_follows_it() {
        for (n, mut file) in files().into_iter().enumerate() {
            assert!(is_whole(&file), "{n}");
            file.extend(b"and a film after it");
            assert!(is_whole(&file), "{n}");
        }
    }

    #[test]
    fn what_is_cut_is_not_whole_wherever_it_is_cut() {
        for file in files() {
            for length in 0..file.len() {
                assert!(!is_whole(&file[..length]), "{length} of {}", file.len());
            }
        }
    }

    #[test]
    fn an_end_put_to_what_was_cut_makes_it_no_whole() {
        for file in files().into_iter().filter(|file| frame(file, 0xc0).is_some()) {
            let scan = frame(&file, 0xda).expect("a scan");
            for length in scan + 20..file.len() - 8 {
                let cut = [&file[..length], &[0xff, 0xd9]].concat();
                assert!(!is_whole(&cut), "{length} of {}", file.len());
            }
            let at = frame(&file, 0xc0).expect("a frame");
            let mut tall = file.clone();
            tall[at + 5..at + 7].copy_from_slice(&370_u16.to_be_bytes());
            assert!(!is_whole(&tall), "ten times as many rows as there are");
        }
    }

    fn frame(file: &[u8], marker: u8) -> Option<usize> {
        file.windows(2).position(|two| two == [0xff, marker])
    }
}
