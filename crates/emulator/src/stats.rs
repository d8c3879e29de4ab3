//! What was asked and answered, for tests to look at.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::http::StatusCode;
use serde::Serialize;

use crate::state::held;

/// Counts since the start or the last reset.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Stats {
    /// Answers by `METHOD /path/{template}` and status; a dropped one counts with what it would have been.
    pub requests: BTreeMap<String, BTreeMap<u16, u64>>,
    /// Refreshes that gave a new pair.
    pub rotations: u64,
    /// Second uses of a code or a refresh token.
    pub reuses: u64,
    /// Grants that are alive.
    pub grants: usize,
    /// Faults that struck, by kind.
    pub faults: BTreeMap<String, u64>,
}

impl Stats {
    /// Answers to `label`, such as `GET /subscriptions/{id}/prices`, whatever their status.
    pub fn answers(&self, label: &str) -> u64 {
        self.requests.get(label).map_or(0, |by_status| by_status.values().sum())
    }
}

#[derive(Default)]
pub(crate) struct Counters {
    requests: Mutex<BTreeMap<String, BTreeMap<u16, u64>>>,
    faults: Mutex<BTreeMap<String, u64>>,
    events: AtomicU64,
    asked: AtomicU64,
}

impl Counters {
    pub(crate) fn count(&self, label: &str, status: StatusCode) {
        let mut requests = held(&self.requests);
        if let Some(by_status) = requests.get_mut(label) {
            *by_status.entry(status.as_u16()).or_default() += 1;
        } else {
            requests.insert(label.to_owned(), BTreeMap::from([(status.as_u16(), 1)]));
        }
    }

    pub(crate) fn fault(&self, kind: String) {
        *held(&self.faults).entry(kind).or_default() += 1;
    }

    pub(crate) fn reset(&self) {
        held(&self.requests).clear();
        held(&self.faults).clear();
    }

    pub(crate) fn next_event(&self) -> u64 {
        self.events.fetch_add(1, Ordering::Relaxed) + 1
    }

    pub(crate) fn next_request(&self) -> u64 {
        self.asked.fetch_add(1, Ordering::Relaxed)
    }

    pub(crate) fn read(&self, (rotations, reuses, grants): (u64, u64, usize)) -> Stats {
        Stats {
            requests: held(&self.requests).clone(),
            rotations,
            reuses,
            grants,
            faults: held(&self.faults).clone(),
        }
    }
}
