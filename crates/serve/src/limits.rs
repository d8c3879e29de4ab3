//! How often somebody may ask.

use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

/// Above so many keys, those that have not asked for a while are forgotten.
const MOST_KEYS: usize = 10_000;

pub(crate) struct Limits {
    /// Five attempts to sign in at once, then one each ten seconds, from one address.
    logins: DefaultKeyedRateLimiter<IpAddr>,
    /// Ten tokens at once, then one each two seconds, for one device.
    devices: DefaultKeyedRateLimiter<String>,
    /// Twenty started consents at once, then one each three seconds, from one address.
    starts: DefaultKeyedRateLimiter<IpAddr>,
    /// Thirty unknown device tokens at once, then one a second, from one address.
    strangers: DefaultKeyedRateLimiter<IpAddr>,
}

impl Limits {
    pub(crate) fn new() -> Self {
        Self {
            logins: RateLimiter::keyed(quota(5, 10)),
            devices: RateLimiter::keyed(quota(10, 2)),
            starts: RateLimiter::keyed(quota(20, 3)),
            strangers: RateLimiter::keyed(quota(30, 1)),
        }
    }

    pub(crate) fn login(&self, from: IpAddr) -> bool {
        allowed(&self.logins, &from)
    }

    pub(crate) fn device(&self, id: &str) -> bool {
        allowed(&self.devices, &id.to_owned())
    }

    pub(crate) fn start(&self, from: IpAddr) -> bool {
        allowed(&self.starts, &from)
    }

    pub(crate) fn stranger(&self, from: IpAddr) -> bool {
        allowed(&self.strangers, &from)
    }
}

fn quota(burst: u32, seconds: u64) -> Quota {
    let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
    Quota::with_period(Duration::from_secs(seconds)).unwrap_or(Quota::per_second(burst)).allow_burst(burst)
}

fn allowed<K: Hash + Eq + Clone>(limiter: &DefaultKeyedRateLimiter<K>, key: &K) -> bool {
    if limiter.len() > MOST_KEYS {
        limiter.retain_recent();
    }
    limiter.check_key(key).is_ok()
}
