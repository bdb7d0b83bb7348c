//! Tracking codes: what a reporter keeps, reads aloud and types in to follow a report.
//!
//! `7QKM-2XWR-9TBH-4D`: twelve signs of proof, then the report's number. The signs are the digits
//! and the letters without I, L, O and U, which are taken for others or make words. The number is
//! no secret; the proof has 60 bits, and without it the number opens nothing.

use crate::ids::ReportId;
use std::fmt;
use std::str::FromStr;

/// The signs, in the order of their values.
const SIGNS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// How many signs the proof has, of five bits each.
const PROOF_SIGNS: u32 = 12;
/// Signs between two hyphens.
const GROUP: usize = 4;

/// A tracking code, true or not: only who knows the secret can tell.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Code {
    /// The report it speaks of; its number is positive.
    pub report: ReportId,
    /// The lower 60 bits count.
    proof: u64,
}

impl Code {
    /// How many bits guessing would have to find.
    pub const PROOF_BITS: u32 = 5 * PROOF_SIGNS;

    /// Of the proof its lower 60 bits are kept.
    pub const fn new(report: ReportId, proof: u64) -> Self {
        Self { report, proof: proof & ((1 << Self::PROOF_BITS) - 1) }
    }
}

/// In upper case, in groups of four.
impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.report.0.unsigned_abs();
        let digits = (u64::BITS - number.leading_zeros()).div_ceil(5).max(1);
        let proof = (0..PROOF_SIGNS).rev().map(|place| self.proof >> (5 * place));
        let number = (0..digits).rev().map(|place| number >> (5 * place));
        for (place, value) in proof.chain(number).enumerate() {
            if place > 0 && place % GROUP == 0 {
                f.write_str("-")?;
            }
            write!(f, "{}", char::from(SIGNS[(value & 31) as usize]))?;
        }
        Ok(())
    }
}

/// What was typed is no tracking code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NoCode;

/// Reads what somebody typed: upper or lower case, with or without hyphens and spaces, O for 0,
/// I and L for 1.
impl FromStr for Code {
    type Err = NoCode;

    fn from_str(text: &str) -> Result<Self, NoCode> {
        let signs = text.chars().filter(|sign| !sign.is_whitespace() && *sign != '-');
        let values = signs.map(value).collect::<Option<Vec<u64>>>().ok_or(NoCode)?;
        let (proof, number) = values.split_at_checked(PROOF_SIGNS as usize).ok_or(NoCode)?;
        let whole = |values: &[u64]| values.iter().fold(0, |whole, value| (whole << 5) | value);
        // Twelve signs are 60 bits: no report has a larger number.
        let lawful = (1..=12).contains(&number.len()) && number[0] != 0;
        let report = i64::try_from(whole(number)).map_err(|_| NoCode)?;
        lawful.then(|| Self::new(ReportId(report), whole(proof))).ok_or(NoCode)
    }
}

fn value(sign: char) -> Option<u64> {
    let sign = match sign.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let place = SIGNS.iter().position(|known| char::from(*known) == sign)?;
    u64::try_from(place).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_code_is_proof_and_number_in_groups_of_four() {
        assert_eq!(Code::new(ReportId(1), 0).to_string(), "0000-0000-0000-1");
        assert_eq!(Code::new(ReportId(1_048_575), u64::MAX).to_string(), "ZZZZ-ZZZZ-ZZZZ-ZZZZ");
        assert_eq!(Code::new(ReportId(1_048_576), 31).to_string(), "0000-0000-000Z-1000-0");
    }

    #[test]
    fn a_code_is_read_however_it_was_typed() {
        let code = Code::new(ReportId(33), 0x0123_4567_89ab_cdef);
        let told = code.to_string();
        let (small, bare) = (told.to_lowercase(), told.replace('-', " "));
        for typed in [told.as_str(), &small, &bare, &format!(" {told} ")] {
            assert_eq!(typed.parse(), Ok(code), "{typed}");
        }
        let mixed_up = Code::new(ReportId(33), 0b00001_00000).to_string();
        assert_eq!(mixed_up.replace('0', "o").replace('1', "l").parse(), mixed_up.parse::<Code>());
    }

    #[test]
    fn what_is_no_code_is_not_read_as_one() {
        for typed in ["", "1", "0000-0000-0000", "0000-0000-0000-0", "0000-0000-0000-01", "网格"]
        {
            assert_eq!(typed.parse::<Code>(), Err(NoCode), "{typed}");
        }
        let long = "Z".repeat(25);
        assert_eq!(long.parse::<Code>(), Err(NoCode));
    }

    proptest! {
        #[test]
        fn every_code_comes_back(report in 1..=(1_i64 << 60) - 1, proof: u64) {
            let code = Code::new(ReportId(report), proof);
            prop_assert_eq!(code.to_string().parse(), Ok(code));
        }

        #[test]
        fn no_text_makes_reading_panic(text in ".{0,40}") {
            let _ = text.parse::<Code>();
        }
    }
}
