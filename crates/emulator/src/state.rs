//! What the handlers share.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::http::StatusCode;
use chrono::{DateTime, Utc};

use crate::clock::MovableClock;
use crate::config::{Client, EmulatorConfig};
use crate::fault::Faults;
use crate::http::answer::Failure;
use crate::oauth::grants::Grants;
use crate::stats::Counters;
use crate::world::customer::{Status, Subscription};
use crate::world::prices::PriceBook;

/// One emulator.
pub(crate) struct State {
    pub(crate) config: EmulatorConfig,
    pub(crate) customers: u32,
    pub(crate) seed: u64,
    pub(crate) base_url: String,
    pub(crate) clock: MovableClock,
    pub(crate) grants: Grants,
    pub(crate) book: PriceBook,
    pub(crate) faults: Faults,
    pub(crate) counters: Counters,
    pub(crate) http: reqwest::Client,
    /// Events sent, by id.
    pub(crate) events: Mutex<HashMap<String, serde_json::Value>>,
    statuses: Mutex<HashMap<Subscription, Status>>,
    /// Requests of a client in the current second.
    seconds: Mutex<HashMap<u32, (i64, u32)>>,
}

impl State {
    pub(crate) fn new(config: EmulatorConfig, base_url: String, http: reqwest::Client) -> Self {
        Self {
            customers: config.customers,
            seed: config.seed,
            base_url,
            clock: MovableClock::new(config.clock.clone()),
            grants: Grants::new(config.seed, config.reuse, config.access_token_s),
            book: PriceBook::new(config.seed, config.publication, config.unpublished),
            faults: Faults::new(config.seed, config.faults.clone()),
            counters: Counters::default(),
            http,
            events: Mutex::default(),
            statuses: Mutex::default(),
            seconds: Mutex::default(),
            config,
        }
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    pub(crate) fn status(&self, one: Subscription) -> Status {
        held(&self.statuses).get(&one).copied().unwrap_or_else(|| one.first_status())
    }

    pub(crate) fn set_status(&self, one: Subscription, status: Status) {
        held(&self.statuses).insert(one, status);
    }

    /// A registered application, with its number.
    pub(crate) fn client(&self, id: &str) -> Option<(u32, &Client)> {
        (0..).zip(&self.config.clients).find(|(_, client)| client.id == id)
    }

    /// Counts a request of a client, and refuses it where the second is full.
    pub(crate) fn limit(&self, client: u32) -> Result<(), Failure> {
        let Some(most) = self.config.requests_per_s else { return Ok(()) };
        let second = self.now().timestamp();
        let mut seconds = held(&self.seconds);
        let (of, count) = seconds.entry(client).or_default();
        if *of != second {
            (*of, *count) = (second, 0);
        }
        *count += 1;
        if *count <= most {
            return Ok(());
        }
        Err(Failure::with_status(StatusCode::TOO_MANY_REQUESTS, "Wait 1 second before retrying."))
    }
}

/// Locks; a panic elsewhere does not make the data wrong.
pub(crate) fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
