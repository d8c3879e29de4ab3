//! Whose fault a refusal is: one customer's, or our own client's.
//!
//! A provider may answer 401 to both. A customer is marked only on proof that our client is still accepted, and
//! when very many are refused in a row nobody is marked: what was marked in that row is taken back.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::{CustomerId, TokenError};

/// Counts refusals in a row.
pub(crate) struct Breaker {
    storm: usize,
    halt: Duration,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    last_success: Option<DateTime<Utc>>,
    refused: Vec<CustomerId>,
    halted_until: Option<DateTime<Utc>>,
}

/// A storm: refreshes stop, and these verdicts are taken back.
pub(crate) struct Storm {
    pub(crate) refused: Vec<CustomerId>,
    pub(crate) until: DateTime<Utc>,
}

impl Breaker {
    pub(crate) fn new(storm: usize, halt: Duration) -> Self {
        Self { storm: storm.max(2), halt, inner: Mutex::default() }
    }

    /// Refuses while refreshes are halted.
    pub(crate) fn check(&self, now: DateTime<Utc>) -> Result<(), TokenError> {
        let inner = self.lock();
        match inner.halted_until {
            Some(until) if now < until => Err(TokenError::Halted { refused: self.storm, until }),
            _ => Ok(()),
        }
    }

    /// Our client was accepted.
    pub(crate) fn succeeded(&self, now: DateTime<Utc>) {
        *self.lock() = Inner { last_success: Some(now), ..Inner::default() };
    }

    /// Whether our client was accepted since `then`.
    pub(crate) fn accepted_since(&self, then: DateTime<Utc>) -> bool {
        self.lock().last_success.is_some_and(|last| last >= then)
    }

    /// One more customer was refused; a storm if that is too many in a row.
    pub(crate) fn refused(&self, customer: &CustomerId, now: DateTime<Utc>) -> Option<Storm> {
        let mut inner = self.lock();
        if !inner.refused.contains(customer) {
            inner.refused.push(customer.clone());
        }
        if inner.refused.len() < self.storm {
            return None;
        }
        let until = now + self.halt;
        inner.halted_until = Some(until);
        Some(Storm { refused: std::mem::take(&mut inner.refused), until })
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    fn customer(index: usize) -> CustomerId {
        format!("c{index}").parse().unwrap()
    }

    #[test]
    fn a_storm_is_of_different_customers_in_a_row_and_ends_by_itself() {
        let breaker = Breaker::new(3, Duration::from_secs(10));
        for _ in 0..5 {
            assert!(breaker.refused(&customer(0), at(0)).is_none(), "one customer alone is no storm");
        }
        assert!(breaker.refused(&customer(1), at(0)).is_none());
        breaker.succeeded(at(1));
        assert!(breaker.refused(&customer(1), at(2)).is_none());
        assert!(breaker.refused(&customer(2), at(2)).is_none());
        let storm = breaker.refused(&customer(3), at(2)).unwrap();
        assert_eq!(storm.refused, [customer(1), customer(2), customer(3)]);
        assert!(breaker.check(at(11)).is_err() && breaker.check(at(12)).is_ok());
    }

    #[test]
    fn an_earlier_success_proves_nothing_about_a_later_refusal() {
        let breaker = Breaker::new(3, Duration::from_secs(10));
        breaker.succeeded(at(5));
        assert!(breaker.accepted_since(at(5)) && !breaker.accepted_since(at(6)));
    }
}
