//! How often somebody may do something: so many at once, then one at every beat.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// More senders than this at once is an attack on memory: then everybody begins anew.
const MOST: usize = 100_000;

/// A pace.
#[derive(Clone, Copy, Debug)]
pub struct Beat {
    /// How many may come at once after a rest.
    pub at_once: u32,
    /// After that, one for every so long.
    pub every: Duration,
}

/// Who is how far ahead of their pace, in this process.
pub struct Pace<K>(Mutex<HashMap<K, Instant>>);

impl<K> Default for Pace<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Hash + Eq> Pace<K> {
    /// Whether one more may come now; if so it is counted.
    pub fn lets(&self, key: K, beat: Beat, now: Instant) -> bool {
        let mut ahead = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if ahead.len() >= MOST {
            ahead.retain(|_, until| *until > now);
        }
        if ahead.len() >= MOST {
            ahead.clear();
        }
        // Up to when the beats of what has come are used up.
        let until = ahead.get(&key).map_or(now, |until| (*until).max(now));
        let lets = until - now <= beat.every * beat.at_once.saturating_sub(1);
        if lets {
            ahead.insert(key, until + beat.every);
        }
        lets
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEAT: Beat = Beat { at_once: 3, every: Duration::from_secs(10) };

    #[test]
    fn after_as_many_at_once_as_may_be_each_waits_for_its_beat() {
        let (pace, start) = (Pace::default(), Instant::now());
        let lets = |after_s: u64| pace.lets("here", BEAT, start + Duration::from_secs(after_s));
        assert_eq!([lets(0), lets(0), lets(0), lets(0)], [true, true, true, false]);
        assert_eq!([lets(9), lets(10), lets(10), lets(20)], [false, true, false, true]);
        assert!(pace.lets("there", BEAT, start), "nobody else is held to it");
    }

    #[test]
    fn who_keeps_to_the_beat_is_never_stopped_and_a_rest_gives_all_back() {
        let (pace, start) = (Pace::default(), Instant::now());
        for n in 0..1_000 {
            assert!(pace.lets((), BEAT, start + BEAT.every * n));
        }
        let rested = start + BEAT.every * 2_000;
        let at_once = (0..10).filter(|_| pace.lets((), BEAT, rested)).count();
        assert_eq!(at_once, 3);
    }
}
