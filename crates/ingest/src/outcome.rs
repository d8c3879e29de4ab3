//! How it went for a customer, and for all.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// How it went for a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// All there is to have; not asked for again.
    Fetched,
    /// All is there, but the provider may still change it.
    Provisional,
    /// No active subscription.
    NotDelivered,
    /// Not all is published; asked for again.
    NotYetPublished,
    /// Only the customer can help.
    NeedsConsent,
    /// Something else is wrong; asked for again.
    Failed,
}

impl Outcome {
    /// The word for it in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fetched => "fetched",
            Self::Provisional => "provisional",
            Self::NotDelivered => "not_delivered",
            Self::NotYetPublished => "not_yet_published",
            Self::NeedsConsent => "needs_consent",
            Self::Failed => "failed",
        }
    }

    /// Whether a later run has nothing left to do.
    pub(crate) fn is_done(self) -> bool {
        matches!(self, Self::Fetched | Self::NotDelivered)
    }
}

/// How many customers it went how for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// By outcome, those of earlier runs for the same days included.
    pub counts: BTreeMap<Outcome, u64>,
    /// Customers that an earlier run had done.
    pub resumed: u64,
    /// The most frequent reasons, with how many customers each concerns; the table `customers` has them all.
    pub reasons: BTreeMap<String, u64>,
}

/// More reasons than anybody reads.
const MOST_REASONS: usize = 100;

impl Summary {
    /// How many customers went this way.
    pub fn count(&self, outcome: Outcome) -> u64 {
        self.counts.get(&outcome).copied().unwrap_or(0)
    }

    /// How many customers there are.
    pub fn total(&self) -> u64 {
        self.counts.values().sum()
    }

    pub(crate) fn add(&mut self, outcome: Outcome, reason: Option<&str>) {
        *self.counts.entry(outcome).or_default() += 1;
        let Some(reason) = reason else { return };
        // Request ids differ with every customer; what is wrong does not.
        let reason = reason.split(", request ").next().unwrap_or(reason);
        if self.reasons.len() < MOST_REASONS || self.reasons.contains_key(reason) {
            *self.reasons.entry(reason.to_owned()).or_default() += 1;
        }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ready = self.count(Outcome::Fetched) + self.count(Outcome::Provisional);
        write!(
            out,
            "{ready} fetched, {} not yet published, {} need consent, {} not delivered, {} failed",
            self.count(Outcome::NotYetPublished),
            self.count(Outcome::NeedsConsent),
            self.count(Outcome::NotDelivered),
            self.count(Outcome::Failed),
        )
    }
}
