//! When a message is sent again: later and later, for a day and a half, then never.

use domain::tickets::telling::Problem;
use jiff::{SignedDuration, Timestamp};

/// How often a message is tried before it is a dead letter.
pub const ATTEMPTS: i32 = 14;
/// The wait after the first attempt, in seconds; each is three times the one before,
const FIRST_SECONDS: f64 = 5.0;
/// and none longer than this.
const LONGEST_SECONDS: f64 = 6.0 * 3_600.0;

/// Why an attempt failed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Failure {
    /// In a word.
    pub problem: Problem,
    /// The status it answered with.
    pub status: Option<u16>,
}

/// When to try again after the attempt of this number (from 1) failed; `None`: never. `chance`, 0
/// to 1, takes up to half of the wait away, so that what failed together is not tried together.
///
/// Status 410 says that nobody will ever take messages there: that one is not tried again.
pub fn again(attempt: i32, failure: Failure, now: Timestamp, chance: f64) -> Option<Timestamp> {
    if attempt >= ATTEMPTS || failure.status == Some(410) {
        return None;
    }
    let wait = (FIRST_SECONDS * 3f64.powi(attempt.max(1) - 1)).min(LONGEST_SECONDS);
    let wait = wait * (1.0 - chance.clamp(0.0, 1.0) / 2.0);
    now.checked_add(SignedDuration::from_secs_f64(wait)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUSY: Failure = Failure { problem: Problem::Answered, status: Some(503) };

    fn wait(attempt: i32, chance: f64) -> Option<i64> {
        let now = Timestamp::UNIX_EPOCH;
        again(attempt, BUSY, now, chance).map(|at| at.duration_since(now).as_secs())
    }

    #[test]
    fn waits_grow_threefold_to_six_hours_and_end_after_a_day_and_a_half() {
        let waits: Vec<i64> = (1..).map_while(|attempt| wait(attempt, 0.0)).collect();
        assert_eq!(waits[..9], [5, 15, 45, 135, 405, 1_215, 3_645, 10_935, 21_600]);
        assert_eq!(waits.len(), 13, "fourteen attempts");
        let hours = waits.iter().sum::<i64>() / 3_600;
        assert!((30..40).contains(&hours), "{hours} h");
    }

    #[test]
    fn chance_takes_at_most_half_of_a_wait() {
        assert_eq!([wait(3, 0.0), wait(3, 0.5), wait(3, 1.0)], [Some(45), Some(33), Some(22)]);
    }

    #[test]
    fn a_receiver_that_is_gone_is_not_tried_again() {
        let gone = Failure { status: Some(410), ..BUSY };
        assert_eq!(again(1, gone, Timestamp::UNIX_EPOCH, 0.0), None);
    }
}
