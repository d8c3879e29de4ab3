//! What is known of customers' subscriptions, so that a day's prices cost one request and not two.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Duration, Utc};
use offpeak_providers::Connection;
use serde::{Deserialize, Serialize};

use crate::appender::Appender;
use crate::error::IngestError;

/// The ids of a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ids {
    #[serde(rename = "in", skip_serializing_if = "Option::is_none", default)]
    pub(crate) consumption: Option<String>,
    #[serde(rename = "out", skip_serializing_if = "Option::is_none", default)]
    pub(crate) feed_in: Option<String>,
}

/// The connections of a customer, as they were listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Listed {
    /// When, in seconds since 1970.
    at: i64,
    /// The provider's id of the customer, where there is any subscription.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) owner: Option<String>,
    pub(crate) connections: Vec<Ids>,
}

impl Listed {
    /// What the provider lists at this time.
    pub(crate) fn new(connections: &[Connection], at: DateTime<Utc>) -> Self {
        let ids = |one: &Connection| Ids {
            consumption: one.consumption.as_ref().map(|one| one.id.clone()),
            feed_in: one.feed_in.as_ref().map(|one| one.id.clone()),
        };
        Self {
            at: at.timestamp(),
            owner: connections.first().map(|one| one.customer.clone()),
            connections: connections.iter().map(ids).collect(),
        }
    }
}

/// The connections of all customers, in memory and on the disk.
pub(crate) struct Known(Mutex<State>);

struct State {
    by_customer: HashMap<String, Listed>,
    appender: Appender,
}

impl Known {
    /// Reads what is known.
    pub(crate) fn open(path: &Path) -> Result<Self, IngestError> {
        let mut by_customer = HashMap::new();
        let appender = Appender::open(path, |line, text| {
            let (customer, listed): (String, Option<Listed>) =
                serde_json::from_str(text).map_err(|_| IngestError::State { path: path.to_owned(), line })?;
            match listed {
                Some(listed) => drop(by_customer.insert(customer, listed)),
                None => drop(by_customer.remove(&customer)),
            }
            Ok(())
        })?;
        Ok(Self(Mutex::new(State { by_customer, appender })))
    }

    /// What is known of a customer, and whether it is younger than `most`.
    pub(crate) fn get(&self, customer: &str, now: DateTime<Utc>, most: Duration) -> Option<(Listed, bool)> {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let listed = state.by_customer.get(customer)?.clone();
        // A customer without subscriptions may get one any day.
        let fresh = now.timestamp() - listed.at < most.num_seconds() && !listed.connections.is_empty();
        Some((listed, fresh))
    }

    /// Whether a customer is known to have a subscription.
    pub(crate) fn has_any(&self, customer: &str) -> bool {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.by_customer.get(customer).is_some_and(|listed| !listed.connections.is_empty())
    }

    /// Keeps what was listed; nothing forgets.
    pub(crate) fn set(&self, customer: &str, listed: Option<&Listed>) -> Result<(), IngestError> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let line = serde_json::to_string(&(customer, listed)).unwrap_or_default();
        match listed {
            Some(listed) => drop(state.by_customer.insert(customer.to_owned(), listed.clone())),
            None => drop(state.by_customer.remove(customer)),
        }
        state.appender.append(line)
    }
}
