//! Finding where JSON values begin and end, without building them.
//!
//! A whole-file parser gives up at the first bad byte. This one counts brackets and follows
//! strings, nothing more, so a feature that is not valid JSON can be cut out and named while
//! the features behind it are still found; each feature's text then goes to `serde_json`.

use super::unpack::cannot_read;
use domain::refusal::Refusal;
use std::io::BufRead;

/// Walks a JSON text byte by byte.
pub(super) struct Scanner<R> {
    input: R,
    lines: u64,
}

/// How the search for a value's end came out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum End {
    /// The value is complete.
    Whole,
    /// The text ended inside it.
    CutShort,
    /// It is complete but longer than the limit; its text was not kept.
    TooLong,
    /// What stands there is no JSON.
    Broken,
}

impl End {
    /// Whether the walk can go on behind it.
    pub(super) fn is_found(self) -> bool {
        matches!(self, Self::Whole | Self::TooLong)
    }
}

/// What is done with a member: its key in quotes, its value's first byte; it must walk over it.
type VisitMember<'v, R> = &'v mut dyn FnMut(&mut Scanner<R>, &[u8], u8) -> Result<End, Refusal>;

/// What is done with an item of a list: it must walk over it.
type VisitItem<'v, R> = &'v mut dyn FnMut(&mut Scanner<R>) -> Result<End, Refusal>;

/// Longest key of an object that is looked at, in bytes.
const KEY_MAX_BYTES: usize = 1 << 12;

impl<R: BufRead> Scanner<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, lines: 0 }
    }

    /// Line ends passed so far.
    pub(super) fn lines(&self) -> u64 {
        self.lines
    }

    /// The next byte that is no white space, left where it is; `None` at the end.
    ///
    /// A byte order mark counts as white space.
    pub(super) fn peek(&mut self) -> Result<Option<u8>, Refusal> {
        loop {
            let buffer = self.input.fill_buf().map_err(|e| cannot_read(&e))?;
            if buffer.is_empty() {
                return Ok(None);
            }
            let blank = |b: &&u8| b.is_ascii_whitespace() || matches!(b, 0xef | 0xbb | 0xbf);
            let skipped = buffer.iter().take_while(blank).count();
            let next = buffer.get(skipped).copied();
            self.lines += line_ends(&buffer[..skipped]);
            self.input.consume(skipped);
            if next.is_some() {
                return Ok(next);
            }
        }
    }

    /// Takes the byte [`Scanner::peek`] saw.
    pub(super) fn take(&mut self) {
        self.input.consume(1);
    }

    /// Walks over one value; its text replaces what is in `keep` unless longer than `max`.
    pub(super) fn value(&mut self, keep: &mut Vec<u8>, max: usize) -> Result<End, Refusal> {
        keep.clear();
        let mut walk = Walk::default();
        let mut fits = true;
        self.peek()?;
        loop {
            let buffer = self.input.fill_buf().map_err(|e| cannot_read(&e))?;
            if buffer.is_empty() {
                return Ok(if walk.may_end_here() { End::Whole } else { End::CutShort });
            }
            let (used, ended) = match walk.feed(buffer) {
                Some(end) => (end, true),
                None => (buffer.len(), false),
            };
            fits = fits && keep.len() + used <= max;
            if fits {
                keep.extend_from_slice(&buffer[..used]);
            } else {
                *keep = Vec::new();
            }
            self.lines += line_ends(&buffer[..used]);
            self.input.consume(used);
            if ended {
                return Ok(if fits { End::Whole } else { End::TooLong });
            }
        }
    }

    /// Walks over an object's members.
    pub(super) fn members(&mut self, visit: VisitMember<'_, R>) -> Result<End, Refusal> {
        let mut key = Vec::new();
        if self.peek()? != Some(b'{') {
            return Ok(End::Broken);
        }
        self.take();
        loop {
            match self.peek()? {
                None => return Ok(End::CutShort),
                Some(b'}') => {
                    self.take();
                    return Ok(End::Whole);
                }
                Some(b',') => self.take(),
                Some(b'"') => {
                    let end = self.value(&mut key, KEY_MAX_BYTES)?;
                    if !end.is_found() {
                        return Ok(end);
                    }
                    match self.peek()? {
                        Some(b':') => self.take(),
                        Some(_) => return Ok(End::Broken),
                        None => return Ok(End::CutShort),
                    }
                    let end = match self.peek()? {
                        None => End::CutShort,
                        Some(b',' | b':' | b'}' | b']') => End::Broken,
                        Some(first) => visit(self, &key, first)?,
                    };
                    if !end.is_found() {
                        return Ok(end);
                    }
                }
                Some(_) => return Ok(End::Broken),
            }
        }
    }

    /// Walks over a list's items.
    pub(super) fn items(&mut self, visit: VisitItem<'_, R>) -> Result<End, Refusal> {
        self.take();
        loop {
            let end = match self.peek()? {
                None => End::CutShort,
                Some(b']') => {
                    self.take();
                    return Ok(End::Whole);
                }
                Some(b',') => {
                    self.take();
                    continue;
                }
                Some(b'}' | b':') => End::Broken,
                Some(_) => visit(self)?,
            };
            if !end.is_found() {
                return Ok(end);
            }
        }
    }

    /// Reads on to the separator or the end; `None` when there was nothing left to read.
    pub(super) fn record(
        &mut self,
        separator: u8,
        keep: &mut Vec<u8>,
        max: usize,
    ) -> Result<Option<End>, Refusal> {
        keep.clear();
        let (mut any, mut fits) = (false, true);
        loop {
            let buffer = self.input.fill_buf().map_err(|e| cannot_read(&e))?;
            if buffer.is_empty() {
                let end = if fits { End::Whole } else { End::TooLong };
                return Ok(any.then_some(end));
            }
            any = true;
            let found = buffer.iter().position(|&b| b == separator);
            let used = found.unwrap_or(buffer.len());
            fits = fits && keep.len() + used <= max;
            if fits {
                keep.extend_from_slice(&buffer[..used]);
            } else {
                *keep = Vec::new();
            }
            self.input.consume(used + usize::from(found.is_some()));
            if found.is_some() {
                return Ok(Some(if fits { End::Whole } else { End::TooLong }));
            }
        }
    }
}

fn line_ends(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|&&b| b == b'\n').count() as u64
}

/// Where in a value the walk is.
#[derive(Default)]
struct Walk {
    depth: u64,
    in_string: bool,
    escaped: bool,
    begun: bool,
}

impl Walk {
    /// How many bytes belong to the value, if it ends among these.
    fn feed(&mut self, bytes: &[u8]) -> Option<usize> {
        for (i, &b) in bytes.iter().enumerate() {
            if self.in_string {
                match b {
                    _ if self.escaped => self.escaped = false,
                    b'\\' => self.escaped = true,
                    b'"' => {
                        self.in_string = false;
                        if self.depth == 0 {
                            return Some(i + 1);
                        }
                    }
                    _ => {}
                }
                continue;
            }
            match b {
                b'"' => self.in_string = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' if self.depth <= 1 => {
                    // a closing bracket that opens nothing ends a bare word before it
                    return Some(i + usize::from(self.depth == 1));
                }
                b'}' | b']' => self.depth -= 1,
                b',' | b':' if self.depth == 0 => return Some(i),
                _ if self.depth == 0 && self.begun && b.is_ascii_whitespace() => return Some(i),
                _ => {}
            }
            self.begun = true;
        }
        None
    }

    /// Whether the text may end here: only a bare word (a number, `null`) needs no end mark.
    fn may_end_here(&self) -> bool {
        self.begun && self.depth == 0 && !self.in_string
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::BufReader;

    fn values(text: &str, buffer: usize) -> Vec<(String, End)> {
        let mut scanner = Scanner::new(BufReader::with_capacity(buffer, text.as_bytes()));
        let (mut keep, mut found) = (Vec::new(), Vec::new());
        while let Some(b) = scanner.peek().expect("memory reads") {
            if b == b',' {
                scanner.take();
                continue;
            }
            let end = scanner.value(&mut keep, 30).expect("memory reads");
            found.push((String::from_utf8(keep.clone()).expect("was UTF-8"), end));
        }
        found
    }

    #[test]
    fn values_are_found_whatever_the_buffer_size() {
        let text = r#" {"a":"}\"]"} , [1,[2]] ,12, null ,"x,y" {"b":NaN} [1"#;
        for buffer in [1, 2, 3, 7, 64] {
            let found = values(text, buffer);
            let texts: Vec<&str> = found.iter().map(|(t, _)| t.as_str()).collect();
            let expected =
                [r#"{"a":"}\"]"}"#, "[1,[2]]", "12", "null", r#""x,y""#, r#"{"b":NaN}"#, "[1"];
            assert_eq!(texts, expected, "buffer of {buffer}");
            assert_eq!(found.last().map(|f| f.1), Some(End::CutShort));
        }
    }

    #[test]
    fn a_value_over_the_limit_is_passed_over_whole() {
        let text = format!("[{}] 7", "1,".repeat(100));
        let found = values(&text, 8);
        assert_eq!(found, [(String::new(), End::TooLong), ("7".to_owned(), End::Whole)]);
    }
}
