//! The `coordinates` of a GeoJSON geometry, read so that one bad number spoils one ring only.
//!
//! `serde_json` refuses a whole text for `1e999`; files written by hand or by Python hold that,
//! `null`, `NaN` and numbers in quotes. Here each ring either has all its points or says which
//! of them is bad and how. The nesting is taken as found; the geometry compares it with the
//! type it claims.

/// Coordinates as nested in the text.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Nest {
    /// A single coordinate.
    Point(Spot),
    /// A list of coordinates.
    Ring(Vec<Spot>),
    /// A list of anything deeper.
    List(Vec<Nest>),
    /// An empty list.
    Empty,
    /// No list at all, as text.
    Other(String),
}

/// One coordinate, or what stood in its place. Third and further numbers are left out.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Spot {
    /// x and y.
    At([f64; 2]),
    /// What stood there, cut to a short text.
    Bad(String),
}

/// The deepest nesting looked at; a MultiPolygon has 4 levels.
const DEEPEST: usize = 6;

/// Reads nested coordinates from the text of one JSON value.
pub(super) fn parse(text: &str) -> Nest {
    let mut cursor = Cursor { text: text.as_bytes(), at: 0 };
    cursor.nest(0)
}

struct Cursor<'a> {
    text: &'a [u8],
    at: usize,
}

impl Cursor<'_> {
    fn peek(&mut self) -> Option<u8> {
        while self.text.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
        self.text.get(self.at).copied()
    }

    /// Passes a comma; false at the list's end.
    fn next_in_list(&mut self) -> bool {
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                true
            }
            Some(b']') => {
                self.at += 1;
                false
            }
            _ => false,
        }
    }

    fn nest(&mut self, depth: usize) -> Nest {
        if self.peek() != Some(b'[') {
            return Nest::Other(self.other());
        }
        if depth == DEEPEST {
            self.other();
            return Nest::Other("[[…".to_owned());
        }
        let start = self.at;
        self.at += 1;
        match self.peek() {
            Some(b']') => {
                self.at += 1;
                Nest::Empty
            }
            Some(b'[') => self.list(depth),
            _ => {
                self.at = start;
                Nest::Point(self.spot())
            }
        }
    }

    /// A list whose first item is a list; the opening bracket is passed.
    fn list(&mut self, depth: usize) -> Nest {
        let first = self.nest(depth + 1);
        let Nest::Point(spot) = first else {
            let mut items = vec![first];
            while self.next_in_list() {
                items.push(self.nest(depth + 1));
            }
            return Nest::List(items);
        };
        let mut spots = vec![spot];
        while self.next_in_list() {
            self.peek();
            spots.push(self.spot());
        }
        Nest::Ring(spots)
    }

    /// One coordinate: a list of at least two numbers.
    fn spot(&mut self) -> Spot {
        let start = self.at;
        if self.peek() == Some(b'[') {
            self.at += 1;
            let x = self.number();
            let y = if self.next_in_list() { self.number() } else { None };
            if let (Some(x), Some(y)) = (x, y) {
                while self.next_in_list() {
                    self.other();
                }
                return Spot::At([x, y]);
            }
            self.at = start;
        }
        Spot::Bad(self.other())
    }

    /// A finite number; otherwise nothing is passed.
    fn number(&mut self) -> Option<f64> {
        self.peek()?;
        let start = self.at;
        let part = |b: &&u8| matches!(b, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
        let length = self.text[start..].iter().take_while(part).count();
        let text = std::str::from_utf8(&self.text[start..start + length]).ok()?;
        let number = text.parse::<f64>().ok().filter(|n| n.is_finite())?;
        self.at = start + length;
        Some(number)
    }

    /// Passes whatever value stands here and gives the beginning of its text.
    fn other(&mut self) -> String {
        self.peek();
        let start = self.at;
        let (mut depth, mut in_string, mut escaped) = (0_u64, false, false);
        while let Some(&b) = self.text.get(self.at) {
            match b {
                _ if escaped => escaped = false,
                b'\\' if in_string => escaped = true,
                b'"' => in_string = !in_string,
                _ if in_string => {}
                b'[' | b'{' => depth += 1,
                b']' | b'}' if depth == 0 => break,
                b']' | b'}' => depth -= 1,
                b',' if depth == 0 => break,
                _ => {}
            }
            self.at += 1;
        }
        let text = String::from_utf8_lossy(&self.text[start..self.at]);
        match text.char_indices().nth(40) {
            Some((cut, _)) => format!("{}…", &text[..cut]),
            None => text.into_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nesting_is_taken_as_found() {
        let at = |x, y| Spot::At([x, y]);
        assert_eq!(parse("[1, 2]"), Nest::Point(at(1.0, 2.0)));
        assert_eq!(parse("[[1,2 , 9, 7],[3,4]]"), Nest::Ring(vec![at(1.0, 2.0), at(3.0, 4.0)]));
        let ring = Nest::Ring(vec![at(1.0, 2.0)]);
        assert_eq!(parse("[[[1,2]],[]]"), Nest::List(vec![ring, Nest::Empty]));
        assert_eq!(parse(" [ ] "), Nest::Empty);
        assert_eq!(parse("null"), Nest::Other("null".to_owned()));
        let deep = "[".repeat(100_000);
        assert!(matches!(parse(&deep), Nest::List(_)));
    }

    #[test]
    fn a_bad_number_spoils_only_its_own_point() {
        let bad = |text: &str| Spot::Bad(text.to_owned());
        let ring = r#"[[1,2],[1e999,2],[null,3],["4",5],[6],null,[7,8]]"#;
        let expected = vec![
            Spot::At([1.0, 2.0]),
            bad("[1e999,2]"),
            bad("[null,3]"),
            bad(r#"["4",5]"#),
            bad("[6]"),
            bad("null"),
            Spot::At([7.0, 8.0]),
        ];
        assert_eq!(parse(ring), Nest::Ring(expected));
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in r#"[\[\]\{\},:"\\0-9eE.nul \PC]{0,200}"#) {
            parse(&text);
        }
    }
}
