//! Slows down guessing: after ten failed sign-ins under one log-in name, none for ten minutes.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

const FAILURES: u32 = 10;
const PAUSE: Duration = Duration::from_secs(600);
/// More names than this at once is an attack on memory: the oldest half is forgotten.
const NAMES: usize = 10_000;

/// Failed sign-ins by log-in name, of this process.
#[derive(Default)]
pub struct Throttle(Mutex<HashMap<String, (u32, Instant)>>);

impl Throttle {
    /// Whether another try under this name is allowed now.
    pub fn allows(&self, login: &str, now: Instant) -> bool {
        match self.lock().get(login) {
            Some(&(failures, last)) => failures < FAILURES || now >= last + PAUSE,
            None => true,
        }
    }

    /// Counts a failed try.
    pub fn failed(&self, login: &str, now: Instant) {
        let mut names = self.lock();
        if names.len() >= NAMES {
            names.retain(|_, (_, last)| now < *last + PAUSE / 2);
        }
        if names.len() >= NAMES {
            names.clear();
        }
        let entry = names.entry(login.to_owned()).or_insert((0, now));
        *entry = if now >= entry.1 + PAUSE { (1, now) } else { (entry.0 + 1, now) };
    }

    /// Forgets the failures of a name that signed in.
    pub fn succeeded(&self, login: &str) {
        self.lock().remove(login);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, (u32, Instant)>> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_failures_close_a_name_for_ten_minutes_and_no_other_name() {
        let (throttle, start) = (Throttle::default(), Instant::now());
        for _ in 0..9 {
            throttle.failed("wang", start);
        }
        assert!(throttle.allows("wang", start));
        throttle.failed("wang", start);
        assert!(!throttle.allows("wang", start));
        assert!(throttle.allows("li", start));
        assert!(throttle.allows("wang", start + PAUSE));
    }

    #[test]
    fn a_sign_in_forgets_the_failures_before_it() {
        let (throttle, now) = (Throttle::default(), Instant::now());
        for _ in 0..9 {
            throttle.failed("wang", now);
        }
        throttle.succeeded("wang");
        throttle.failed("wang", now);
        assert!(throttle.allows("wang", now));
    }
}
