//! One budget of requests for all workers, and a pause that they share.

use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultDirectRateLimiter, Quota};
use tokio::time::Instant;

use crate::error::ProviderError;

/// How many requests a second go to a provider, over all workers; share it in an `Arc`.
///
/// From its start on there are never more than `rate x seconds + 1` requests; a worker that wakes up late is made
/// up for within 20 ms of the rate.
#[derive(Debug)]
pub struct Budget {
    limiter: Option<DefaultDirectRateLimiter>,
    clock: DefaultClock,
    /// Whose turn it is: first come, first served, and only one asks the limiter.
    turn: tokio::sync::Mutex<()>,
    paused_until: Mutex<Option<Instant>>,
}

impl Budget {
    /// At most `rate` requests a second; below 1 as well.
    ///
    /// # Errors
    /// [`ProviderError::Setting`] unless it is from 0.001 to 1,000,000.
    pub fn per_second(rate: f64) -> Result<Self, ProviderError> {
        let refuse = || {
            ProviderError::setting("requests per second", &rate.to_string(), "must be from 0.001 to 1000000")
        };
        if !(0.001..=1e6).contains(&rate) {
            return Err(refuse());
        }
        // Positive and at most 20,001, so the cast keeps it.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let burst = NonZeroU32::MIN.saturating_add((rate * 0.02).ceil() as u32);
        let quota = Quota::with_period(Duration::from_secs_f64(1.0 / rate)).ok_or_else(refuse)?;
        let limiter = DefaultDirectRateLimiter::direct(quota.allow_burst(burst));
        // A full bucket would be a burst at the start, so it begins with one.
        if let Some(surplus) = NonZeroU32::new(burst.get() - 1) {
            let _ = limiter.check_n(surplus);
        }
        Ok(Self { limiter: Some(limiter), ..Self::unlimited() })
    }

    /// No limit of our own; a provider's wish to pause is heeded all the same.
    pub fn unlimited() -> Self {
        Self {
            limiter: None,
            clock: DefaultClock::default(),
            turn: tokio::sync::Mutex::new(()),
            paused_until: Mutex::new(None),
        }
    }

    /// Waits until one more request may be sent. Dropping the future gives the turn to the next.
    pub async fn acquire(&self) {
        let Some(limiter) = &self.limiter else { return self.pause_over().await };
        let _turn = self.turn.lock().await;
        loop {
            self.pause_over().await;
            match limiter.check() {
                Ok(()) => return,
                Err(later) => tokio::time::sleep(later.wait_time_from(self.clock.now())).await,
            }
        }
    }

    /// Holds all workers back for `delay` from now, unless they wait longer already.
    pub fn pause(&self, delay: Duration) {
        let until = Instant::now() + delay;
        let mut paused = self.paused_until.lock().unwrap_or_else(PoisonError::into_inner);
        *paused = Some(paused.map_or(until, |before| before.max(until)));
    }

    async fn pause_over(&self) {
        loop {
            let until = *self.paused_until.lock().unwrap_or_else(PoisonError::into_inner);
            match until {
                Some(until) if until > Instant::now() => tokio::time::sleep_until(until).await,
                _ => return,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    /// How many of eight workers' requests get through in about `span`, and in how many seconds.
    async fn granted(rate: f64, span: Duration) -> (f64, f64) {
        let start = Instant::now();
        let budget = Arc::new(Budget::per_second(rate).unwrap());
        let end = start + span;
        let workers: Vec<_> = (0..8)
            .map(|_| {
                let budget = Arc::clone(&budget);
                tokio::spawn(async move {
                    let mut count = 0;
                    while tokio::time::timeout_at(end, budget.acquire()).await.is_ok() {
                        count += 1;
                    }
                    count
                })
            })
            .collect();
        let mut sum = 0;
        for worker in workers {
            sum += worker.await.unwrap();
        }
        (f64::from(sum), start.elapsed().as_secs_f64())
    }

    #[tokio::test]
    async fn eight_workers_together_keep_to_the_budget_within_one_per_cent() {
        for rate in [50.0_f64, 1000.0] {
            let (got, seconds) = granted(rate, Duration::from_secs(2)).await;
            assert!(got <= seconds * rate + 1.0, "{got} of {rate}/s in {seconds} s");
            // A busy machine may be slower, but not by much over two seconds.
            assert!(got >= seconds * rate * 0.95, "{got} of {rate}/s in {seconds} s");
        }
    }

    #[tokio::test]
    async fn a_pause_holds_all_workers_and_the_longest_counts() {
        let budget = Budget::unlimited();
        budget.pause(Duration::from_millis(120));
        budget.pause(Duration::from_millis(10));
        let start = Instant::now();
        budget.acquire().await;
        assert!(start.elapsed() >= Duration::from_millis(119));
    }

    #[test]
    fn a_budget_that_is_none_is_refused() {
        for rate in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(Budget::per_second(rate).is_err());
        }
    }
}
