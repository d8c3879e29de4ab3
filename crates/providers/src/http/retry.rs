//! How long to wait: what the provider asks for, or a backoff with jitter.

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::header::{HeaderMap, RETRY_AFTER};

/// Waits that double, each drawn from its upper half.
pub(super) struct Backoff {
    next: Duration,
    longest: Duration,
}

impl Backoff {
    pub(super) fn new(first: Duration, longest: Duration) -> Self {
        Self { next: first, longest }
    }

    /// The next wait; `wished` is what the provider asks for, `draw` a number from 0 to 1.
    pub(super) fn next(&mut self, wished: Option<Duration>, draw: f64) -> Duration {
        let backoff = self.next.min(self.longest);
        self.next = backoff * 2;
        let drawn = backoff.mul_f64(0.5 + 0.5 * draw.clamp(0.0, 1.0));
        match wished {
            // Never earlier than asked, and not all at the same instant.
            Some(wished) => (wished + drawn.min(Duration::from_secs(1))).min(self.longest),
            None => drawn,
        }
    }
}

/// The wish of `Retry-After`, in seconds or as a date; none if it is neither.
pub(super) fn retry_after(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds.min(DAY)));
    }
    let date: DateTime<Utc> = httpdate::parse_http_date(text).ok()?.into();
    Some((date - now).to_std().unwrap_or_default().min(Duration::from_secs(DAY)))
}

/// How long an exhausted quota lasts, by the headers `ratelimit-remaining` and `ratelimit-reset`, where they are sent.
pub(super) fn limits_reached(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let number = |name| headers.get(name)?.to_str().ok()?.trim().parse::<f64>().ok();
    if number("ratelimit-remaining")? > 0.0 {
        return None;
    }
    let reset = number("ratelimit-reset")?;
    // Some send the seconds that are left, others a point in time.
    let seconds = if reset > 1e9 { reset - now.timestamp() as f64 } else { reset };
    Duration::try_from_secs_f64(seconds.max(0.0)).ok()
}

/// Beyond this a wish is no wish; it also keeps sums of durations small.
const DAY: u64 = 86_400;

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    fn now() -> DateTime<Utc> {
        "2026-11-25T04:00:00Z".parse().unwrap()
    }

    #[test]
    fn waits_double_up_to_the_longest_and_jitter_takes_at_most_half() {
        let mut backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(5));
        let longest: Vec<_> = (0..4).map(|_| backoff.next(None, 1.0).as_secs_f64()).collect();
        assert_eq!(longest, [1.0, 2.0, 4.0, 5.0]);
        assert_eq!(backoff.next(None, 0.0), Duration::from_millis(2500));
    }

    #[test]
    fn a_wish_is_heeded_in_seconds_and_as_a_date_and_capped() {
        for (text, seconds) in [
            ("7", Some(7)),
            ("Wed, 25 Nov 2026 04:00:09 GMT", Some(9)),
            ("Wed, 25 Nov 2026 03:00:00 GMT", Some(0)),
            ("99999999999", Some(DAY)),
            ("-3", None),
            ("soon", None),
        ] {
            assert_eq!(
                retry_after(&headers(&[("retry-after", text)]), now()),
                seconds.map(Duration::from_secs),
                "{text}"
            );
        }
        let mut backoff = Backoff::new(Duration::from_secs(1), Duration::from_mins(1));
        assert!(backoff.next(Some(Duration::from_secs(7)), 0.5) >= Duration::from_secs(7));
        assert_eq!(backoff.next(Some(Duration::from_secs(7000)), 0.5), Duration::from_mins(1));
    }

    #[test]
    fn an_exhausted_quota_says_until_when() {
        let wait = |remaining: &str, reset: &str| {
            limits_reached(&headers(&[("ratelimit-remaining", remaining), ("ratelimit-reset", reset)]), now())
        };
        assert_eq!(wait("0", "3"), Some(Duration::from_secs(3)));
        assert_eq!(wait("0", &(now().timestamp() + 5).to_string()), Some(Duration::from_secs(5)));
        assert_eq!(wait("1", "3"), None);
        assert_eq!(wait("0", "-4"), Some(Duration::ZERO));
        assert_eq!(wait("0", "NaN"), Some(Duration::ZERO));
        assert_eq!(limits_reached(&HeaderMap::new(), now()), None);
    }
}
