//! One budget of requests for all workers, and a pause that they share.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::error::ProviderError;

/// How far behind its slot a request may go out without losing the slot: what a busy machine is late by is made up for.
const MOST_LATE: Duration = Duration::from_millis(100);

/// How many requests a second go to a provider, over all workers; share it in an `Arc`.
///
/// Every request has a slot, one in `1 / rate` seconds. So from the start on there are never more than
/// `rate x seconds + 1` requests, and in no span of time more than `rate x (seconds + 0.1) + 2`. Slots for which
/// nobody waits are lost: whoever comes after a quiet time finds no burst.
#[derive(Debug)]
pub struct Budget {
    pace: Option<Pace>,
    paused_until: Mutex<Option<Instant>>,
}

#[derive(Debug)]
struct Pace {
    gap: Duration,
    /// The first slot that is free. Whoever holds it has the turn: first come, first served.
    free: tokio::sync::Mutex<Instant>,
}

impl Budget {
    /// At most `rate` requests a second; below 1 as well.
    ///
    /// # Errors
    /// [`ProviderError::Setting`] unless it is from 0.001 to 1,000,000.
    pub fn per_second(rate: f64) -> Result<Self, ProviderError> {
        if !(0.001..=1e6).contains(&rate) {
            let (found, allowed) = (rate.to_string(), "must be from 0.001 to 1000000");
            return Err(ProviderError::setting("requests per second", &found, allowed));
        }
        let gap = Duration::from_secs_f64(1.0 / rate);
        let pace = Pace { gap, free: tokio::sync::Mutex::new(Instant::now()) };
        Ok(Self { pace: Some(pace), ..Self::unlimited() })
    }

    /// No limit of our own; a provider's wish to pause is heeded all the same.
    pub fn unlimited() -> Self {
        Self { pace: None, paused_until: Mutex::new(None) }
    }

    /// Waits until one more request may be sent. Dropping the future gives the turn to the next.
    pub async fn acquire(&self) {
        let Some(pace) = &self.pace else { return self.pause_over().await };
        let asked = Instant::now();
        let mut free = pace.free.lock().await;
        loop {
            self.pause_over().await;
            let now = Instant::now();
            let slot = free.max(asked).max(now.checked_sub(MOST_LATE).unwrap_or(now));
            if slot <= now {
                *free = slot + pace.gap;
                return;
            }
            sleep_until(slot).await;
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

    /// How many requests of 32 workers get through in `span`; each is over after `answer`.
    async fn granted(rate: f64, span: Duration, answer: Duration) -> f64 {
        let budget = Arc::new(Budget::per_second(rate).unwrap());
        let end = Instant::now() + span;
        let workers: Vec<_> = (0..32)
            .map(|_| {
                let budget = Arc::clone(&budget);
                tokio::spawn(async move {
                    let mut count = 0;
                    loop {
                        budget.acquire().await;
                        if Instant::now() > end {
                            return count;
                        }
                        count += 1;
                        tokio::time::sleep(answer).await;
                    }
                })
            })
            .collect();
        let mut sum = 0;
        for worker in workers {
            sum += worker.await.unwrap();
        }
        f64::from(sum)
    }

    #[tokio::test(start_paused = true)]
    async fn all_workers_together_use_every_slot_and_no_more() {
        for rate in [0.5, 10.0, 333.0, 5_000.0] {
            let span = Duration::from_secs_f64(2_000.0 / rate);
            let got = granted(rate, span, Duration::from_secs_f64(3.0 / rate)).await;
            assert!((2_000.0..=2_001.0).contains(&got), "{got} at {rate}/s");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_a_busy_machine_is_late_by_is_made_up_for_and_a_standstill_is_not() {
        let budget = Arc::new(Budget::per_second(100.0).unwrap());
        let asked: Vec<_> = (0..100)
            .map(|_| {
                tokio::spawn({
                    let budget = Arc::clone(&budget);
                    async move { budget.acquire().await }
                })
            })
            .collect();
        let through = || asked.iter().filter(|one| one.is_finished()).count();
        tokio::task::yield_now().await;
        assert_eq!(through(), 1, "no burst at the start");
        // The clock jumps over ten slots, then over a hundred.
        tokio::time::advance(Duration::from_millis(90)).await;
        tokio::time::sleep(Duration::from_micros(1)).await;
        assert_eq!(through(), 10);
        tokio::time::advance(Duration::from_secs(1)).await;
        tokio::time::sleep(Duration::from_micros(1)).await;
        assert!((21..=22).contains(&through()), "{}", through());
    }

    #[tokio::test(start_paused = true)]
    async fn after_a_quiet_time_there_is_no_burst() {
        let budget = Budget::per_second(10.0).unwrap();
        budget.acquire().await;
        tokio::time::sleep(Duration::from_mins(1)).await;
        let start = Instant::now();
        for _ in 0..11 {
            budget.acquire().await;
        }
        assert!(start.elapsed() >= Duration::from_secs(1), "{:?}", start.elapsed());
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
