//! Whose fault a refusal is: one customer's, or our own client's.
//!
//! A provider may answer 401 to both. A customer is marked only on proof that our client is still accepted, and
//! when very many are refused in a row nobody is marked: what was marked in that row is taken back.

use std::collections::HashSet;
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
    /// Refused before our client was last accepted: a second refusal of these is their own.
    refused_before: HashSet<CustomerId>,
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

    /// Our client was accepted, with a token of `customer`.
    pub(crate) fn succeeded(&self, customer: &CustomerId, now: DateTime<Utc>) {
        let mut inner = self.lock();
        let refused = std::mem::take(&mut inner.refused);
        inner.refused_before.extend(refused);
        inner.refused_before.remove(customer);
        inner.last_success = Some(now);
        inner.halted_until = None;
    }

    /// Whether our client was accepted since `then`, or since an earlier refusal of `customer`.
    pub(crate) fn accepted_since(&self, customer: &CustomerId, then: DateTime<Utc>) -> bool {
        let inner = self.lock();
        inner.last_success.is_some_and(|last| last >= then) || inner.refused_before.contains(customer)
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
        breaker.succeeded(&customer(9), at(1));
        assert!(breaker.refused(&customer(1), at(2)).is_none());
        assert!(breaker.refused(&customer(2), at(2)).is_none());
        let storm = breaker.refused(&customer(3), at(2)).unwrap();
        assert_eq!(storm.refused, [customer(1), customer(2), customer(3)]);
        assert!(breaker.check(at(11)).is_err() && breaker.check(at(12)).is_ok());
    }

    #[test]
    fn an_earlier_success_proves_nothing_about_a_later_refusal() {
        let breaker = Breaker::new(3, Duration::from_secs(10));
        breaker.succeeded(&customer(9), at(5));
        let accepted_since = |then| breaker.accepted_since(&customer(1), at(then));
        assert!(accepted_since(5) && !accepted_since(6));
    }

    #[test]
    fn a_success_between_two_refusals_of_one_customer_proves_that_they_are_its_own() {
        let breaker = Breaker::new(3, Duration::from_secs(10));
        breaker.refused(&customer(1), at(1));
        breaker.succeeded(&customer(2), at(2));
        let accepted = |index| breaker.accepted_since(&customer(index), at(3));
        assert!(accepted(1) && !accepted(3));
        breaker.succeeded(&customer(1), at(3));
        assert!(!breaker.accepted_since(&customer(1), at(4)), "it was accepted itself meanwhile");
    }
}
