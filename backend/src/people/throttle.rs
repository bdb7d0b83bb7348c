//! Slows down guessing: after ten failed sign-ins under one log-in name, or a hundred from one
//! address, none for ten minutes. A try counts when it begins, so that many at once are as many.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::Mutex;
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;

const OF_A_NAME: u32 = 10;
/// A whole office may sit behind one address.
const OF_AN_ADDRESS: u32 = 100;
const PAUSE: Duration = Duration::from_secs(600);
/// More names or addresses than this at once is an attack on memory: the oldest half is forgotten.
const MOST: usize = 10_000;
/// Passwords hashed at the same time: each takes 19 MB and a core.
const HASHED_AT_ONCE: usize = 4;

/// Failed sign-ins, of this process.
pub struct Throttle {
    names: Failures<String>,
    addresses: Failures<IpAddr>,
    hashing: Semaphore,
}

impl Default for Throttle {
    fn default() -> Self {
        let hashing = Semaphore::new(HASHED_AT_ONCE);
        Self { names: Failures::default(), addresses: Failures::default(), hashing }
    }
}

/// Why a try is not let through.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TooOften {
    /// Under this name.
    Name,
    /// From this address.
    Address,
}

impl Throttle {
    /// Begins a try, which counts as failed until [`Throttle::succeeded`].
    ///
    /// # Errors
    /// When there were too many.
    pub fn begin(
        &self,
        login: &str,
        address: Option<IpAddr>,
        now: Instant,
    ) -> Result<(), TooOften> {
        if let Some(address) = address.map(whole)
            && !self.addresses.count(address, OF_AN_ADDRESS, now)
        {
            return Err(TooOften::Address);
        }
        let counted = self.names.count(login.to_owned(), OF_A_NAME, now);
        if counted { Ok(()) } else { Err(TooOften::Name) }
    }

    /// Forgets the failures of a name that signed in, and the try from its address.
    pub fn succeeded(&self, login: &str, address: Option<IpAddr>) {
        self.names.forget(login);
        if let Some(address) = address.map(whole) {
            self.addresses.take_back(&address);
        }
    }

    /// Does what takes long, off the threads that answer everybody and never too much at once.
    ///
    /// # Errors
    /// When it panicked.
    pub async fn hash<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> anyhow::Result<T> {
        let _turn = self.hashing.acquire().await?;
        Ok(tokio::task::spawn_blocking(work).await?)
    }
}

/// An address as far as one subscriber has it: of IPv6 the first half.
pub fn whole(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let half = u128::from(v6) >> 64 << 64;
            IpAddr::V6(half.into())
        }
        v4 => v4,
    }
}

/// Counts by key, with the time of the last; after the last they rest for ten minutes.
pub struct Failures<K>(Mutex<HashMap<K, (u32, Instant)>>);

impl<K> Default for Failures<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Hash + Eq> Failures<K> {
    /// Whether there were fewer than are allowed.
    pub fn allows(&self, key: &K, most: u32, now: Instant) -> bool {
        let all = self.lock();
        all.get(key).is_none_or(|(count, last)| *count < most || now >= *last + PAUSE)
    }

    /// Counts one more, unless there were as many as are allowed within the pause; whether it did.
    pub fn count(&self, key: K, most: u32, now: Instant) -> bool {
        let mut all = self.lock();
        if all.len() >= MOST {
            all.retain(|_, (_, last)| now < *last + PAUSE / 2);
        }
        if all.len() >= MOST {
            all.clear();
        }
        let entry = all.entry(key).or_insert((0, now));
        if now >= entry.1 + PAUSE {
            *entry = (0, now);
        }
        let allowed = entry.0 < most;
        if allowed {
            *entry = (entry.0 + 1, now);
        }
        allowed
    }

    fn forget<Q: Hash + Eq + ?Sized>(&self, key: &Q)
    where
        K: std::borrow::Borrow<Q>,
    {
        self.lock().remove(key);
    }

    fn take_back(&self, key: &K) {
        if let Some((count, _)) = self.lock().get_mut(key) {
            *count = count.saturating_sub(1);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<K, (u32, Instant)>> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Option<IpAddr> = Some(IpAddr::V4(std::net::Ipv4Addr::LOCALHOST));

    #[test]
    fn ten_tries_close_a_name_for_ten_minutes_and_no_other_name() {
        let (throttle, start) = (Throttle::default(), Instant::now());
        for _ in 0..10 {
            assert_eq!(throttle.begin("wang", HERE, start), Ok(()));
        }
        assert_eq!(throttle.begin("wang", HERE, start), Err(TooOften::Name));
        assert_eq!(throttle.begin("li", HERE, start), Ok(()));
        assert_eq!(throttle.begin("wang", HERE, start + PAUSE), Ok(()));
    }

    #[test]
    fn a_hundred_tries_close_an_address_whatever_the_names() {
        let (throttle, start) = (Throttle::default(), Instant::now());
        for n in 0..100 {
            assert_eq!(throttle.begin(&n.to_string(), HERE, start), Ok(()));
        }
        assert_eq!(throttle.begin("wang", HERE, start), Err(TooOften::Address));
        let there = Some("2001:db8::1".parse().expect("an address"));
        assert_eq!(throttle.begin("wang", there, start), Ok(()));
        assert_eq!(throttle.begin("wang", HERE, start + PAUSE), Ok(()));
    }

    #[test]
    fn one_subscriber_of_ipv6_is_one_address() {
        let [a, b, c] = ["2001:db8:0:1::1", "2001:db8:0:1:ffff::2", "2001:db8:0:2::1"]
            .map(|text| whole(text.parse().expect("an address")));
        assert_eq!(a, b);
        assert_ne!(a, c);
        let mapped: IpAddr = "::ffff:192.0.2.1".parse().expect("an address");
        assert_eq!(whole(mapped), "192.0.2.1".parse::<IpAddr>().expect("an address"));
    }

    #[test]
    fn a_sign_in_forgets_the_failures_before_it() {
        let (throttle, now) = (Throttle::default(), Instant::now());
        for _ in 0..30 {
            for _ in 0..9 {
                assert_eq!(throttle.begin("wang", None, now), Ok(()));
            }
            throttle.succeeded("wang", None);
        }
    }
}
