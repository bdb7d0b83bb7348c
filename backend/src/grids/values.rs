//! Cuts a stream of bytes into JSON values: one a line, or the elements of one array.

use domain::{Kind, Refusal};

/// Cuts values out of bytes that arrive in pieces; keeps no more than one unfinished value.
pub struct Values {
    kind: Framing,
    value: Vec<u8>,
    longest: usize,
    depth: u32,
    in_string: bool,
    escaped: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Framing {
    Lines,
    /// Before the opening bracket.
    Array,
    /// Between the brackets.
    Elements,
    /// After the closing bracket.
    Done,
}

impl Values {
    /// A value a line; empty lines are none. A value may have at most `longest` bytes.
    pub fn of_lines(longest: usize) -> Self {
        Self::new(Framing::Lines, longest)
    }

    /// The elements of one array.
    pub fn of_array(longest: usize) -> Self {
        Self::new(Framing::Array, longest)
    }

    fn new(kind: Framing, longest: usize) -> Self {
        let value = Vec::with_capacity(longest.min(256));
        Self { kind, value, longest, depth: 0, in_string: false, escaped: false }
    }

    /// Takes more bytes and hands out every value they complete.
    ///
    /// # Errors
    /// Malformed when the framing is broken or a value is too long; or what `found` refuses.
    pub fn feed(
        &mut self,
        bytes: &[u8],
        mut found: impl FnMut(&[u8]) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        for &byte in bytes {
            if self.kind == Framing::Lines {
                match byte {
                    b'\n' => self.finish(&mut found)?,
                    _ => self.keep(byte)?,
                }
            } else {
                self.feed_array(byte, &mut found)?;
            }
        }
        Ok(())
    }

    /// Hands out the last value.
    ///
    /// # Errors
    /// Malformed when an array was not closed; or what `found` refuses.
    pub fn end(
        &mut self,
        mut found: impl FnMut(&[u8]) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        match self.kind {
            Framing::Lines => self.finish(&mut found),
            Framing::Done => Ok(()),
            Framing::Array | Framing::Elements => Err(not_an_array()),
        }
    }

    fn feed_array(
        &mut self,
        byte: u8,
        found: &mut impl FnMut(&[u8]) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        match self.kind {
            Framing::Elements => {}
            _ if byte.is_ascii_whitespace() => return Ok(()),
            Framing::Array if byte == b'[' => {
                self.kind = Framing::Elements;
                return Ok(());
            }
            _ => return Err(not_an_array()),
        }
        if self.in_string {
            self.in_string = self.escaped || byte != b'"';
            self.escaped = !self.escaped && byte == b'\\';
            return self.keep(byte);
        }
        match byte {
            b',' if self.depth == 0 && self.is_blank() => Err(not_an_array()),
            b',' if self.depth == 0 => self.finish(found),
            b']' if self.depth == 0 => {
                self.kind = Framing::Done;
                self.finish(found)
            }
            _ => {
                match byte {
                    b'[' | b'{' => self.depth += 1,
                    b']' | b'}' => self.depth = self.depth.saturating_sub(1),
                    b'"' => self.in_string = true,
                    _ => {}
                }
                self.keep(byte)
            }
        }
    }

    fn is_blank(&self) -> bool {
        self.value.iter().all(u8::is_ascii_whitespace)
    }

    fn keep(&mut self, byte: u8) -> Result<(), Refusal> {
        if self.value.len() == self.longest {
            let longest = self.longest;
            return Err(Refusal::new(
                Kind::Malformed,
                format!("单个点的内容不得超过 {longest} 字节。"),
                format!("A point may take at most {longest} bytes."),
            ));
        }
        self.value.push(byte);
        Ok(())
    }

    fn finish(
        &mut self,
        found: &mut impl FnMut(&[u8]) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        let result = if self.is_blank() { Ok(()) } else { found(&self.value) };
        self.value.clear();
        result
    }
}

fn not_an_array() -> Refusal {
    Refusal::new(
        Kind::Malformed,
        "内容不是一个完整的 JSON 数组。",
        "The body is not one whole JSON array.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(mut values: Values, text: &str, piece: usize) -> Result<Vec<String>, Refusal> {
        let mut found = Vec::new();
        let mut keep = |value: &[u8]| {
            found.push(String::from_utf8_lossy(value).trim().to_owned());
            Ok(())
        };
        for bytes in text.as_bytes().chunks(piece) {
            values.feed(bytes, &mut keep)?;
        }
        values.end(&mut keep)?;
        Ok(found)
    }

    #[test]
    fn values_come_out_the_same_however_the_bytes_arrive() {
        let text = "[[1,2], {\"a\":\"],\\\"[\"} ,\n[3 , 4]] ";
        let expected = ["[1,2]", "{\"a\":\"],\\\"[\"}", "[3 , 4]"].map(str::to_owned).to_vec();
        for piece in 1..text.len() {
            assert_eq!(cut(Values::of_array(64), text, piece), Ok(expected.clone()));
        }
        let lines = "[1,2]\r\n\n[3,4]\n[5,6]";
        for piece in 1..lines.len() {
            let found = cut(Values::of_lines(64), lines, piece).unwrap_or_default();
            assert_eq!(found, ["[1,2]", "[3,4]", "[5,6]"]);
        }
        assert_eq!(cut(Values::of_array(64), "[]", 1), Ok(Vec::new()));
    }

    #[test]
    fn broken_framing_is_refused() {
        for text in ["", "[", "[[1,2]", "{}", "[[1,2],,[3,4]]", "[[1,2]] []", "1"] {
            assert!(cut(Values::of_array(64), text, 2).is_err(), "{text}");
        }
        assert!(cut(Values::of_lines(4), "[1,2]", 2).is_err(), "too long");
    }
}
