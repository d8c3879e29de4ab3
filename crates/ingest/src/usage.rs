//! The job of usage: what the meters of all customers tell, and what they do not.

use std::path::Path;
use std::sync::Arc;

use chrono::DateTime;
use offpeak_providers::{LocalDays, UsageResolution, UsageSeries, UsageStatus};
use serde::{Deserialize, Serialize};

use crate::error::IngestError;
use crate::folder::NextTables;
use crate::log::WholeLog;
use crate::outcome::Outcome;
use crate::reach::{Reach, Trouble};
use crate::run::{Done, Job, failed};
use crate::tokens::AccessTokens;

/// The tables that a sync of usage writes.
pub(crate) const TABLES: [&str; 2] = ["usage", "usage_customers"];

pub(crate) struct UsageJob<A> {
    pub(crate) reach: Arc<Reach<A>>,
    pub(crate) days: LocalDays,
}

/// What the meter of a subscription tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct UsageRecord {
    subscription: String,
    feed_in: bool,
    resolution: String,
    /// Start in seconds since 1970, 1e-6 kWh, and whether it is final.
    readings: Vec<(i64, i64, bool)>,
    missing: usize,
}

impl<A: AccessTokens> Job for UsageJob<A> {
    type Record = UsageRecord;
    type Shared = ();

    async fn run(&self, customer: &str) -> Done<UsageRecord, ()> {
        self.of_customer(customer).await.unwrap_or_else(|trouble| failed(&trouble))
    }
}

impl<A: AccessTokens> UsageJob<A> {
    async fn of_customer(&self, customer: &str) -> Result<Done<UsageRecord, ()>, Trouble> {
        let (listed, _) = self.reach.connections(customer).await?;
        let mut records = Vec::new();
        for ids in &listed.connections {
            for (subscription, feed_in) in [(&ids.consumption, false), (&ids.feed_in, true)] {
                let Some(subscription) = subscription else { continue };
                let nomos = &self.reach.nomos;
                let asked = self
                    .reach
                    .ask(customer, |token| async move { nomos.usage(&token, subscription, self.days).await });
                records.push(record(subscription, feed_in, &asked.await?));
            }
        }
        let (outcome, reason) = outcome(&records);
        Ok(Done { outcome, reason, records, shared: Vec::new() })
    }
}

fn record(subscription: &str, feed_in: bool, series: &UsageSeries) -> UsageRecord {
    let readings = series.readings.iter();
    UsageRecord {
        subscription: subscription.to_owned(),
        feed_in,
        resolution: resolution(series.resolution).to_owned(),
        readings: readings
            .map(|one| (one.start.timestamp(), one.energy.0, one.status == UsageStatus::Final))
            .collect(),
        missing: series.missing.len(),
    }
}

/// The word for a resolution in tables.
pub(crate) fn resolution(resolution: UsageResolution) -> &'static str {
    match resolution {
        UsageResolution::QuarterHour => "15min",
        UsageResolution::Hour => "hour",
        UsageResolution::Day => "day",
        UsageResolution::Week => "week",
        UsageResolution::Month => "month",
    }
}

fn outcome(records: &[UsageRecord]) -> (Outcome, Option<String>) {
    let missing: usize = records.iter().map(|one| one.missing).sum();
    let preliminary = records.iter().flat_map(|one| &one.readings).any(|(.., is_final)| !is_final);
    if records.is_empty() {
        (Outcome::NotDelivered, Some("no active subscription".to_owned()))
    } else if missing > 0 || records.iter().any(|one| one.readings.is_empty()) {
        (Outcome::NotYetPublished, Some("the meter does not tell all intervals".to_owned()))
    } else if preliminary {
        (Outcome::Provisional, None)
    } else {
        (Outcome::Fetched, None)
    }
}

/// Writes what the meters tell; an interval that none tells has no row.
pub(crate) fn write_tables(log: &WholeLog, folder: &Path) -> Result<(), IngestError> {
    let mut next = NextTables::begin(folder)?;
    log.read::<UsageRecord, ()>(
        |_, ()| Ok(()),
        |entry| {
            let missing: usize = entry.records.iter().map(|one| one.missing).sum();
            next.write(
                "usage_customers",
                &[
                    ("customer_id", (&entry.customer).into()),
                    ("status", entry.outcome.as_str().into()),
                    ("reason", entry.reason.as_deref().into()),
                    ("missing_intervals", (missing as f64).into()),
                ],
            )?;
            entry.records.iter().try_for_each(|record| write_readings(&mut next, &entry.customer, record))
        },
    )?;
    next.finish(&TABLES)
}

fn write_readings(next: &mut NextTables, customer: &str, record: &UsageRecord) -> Result<(), IngestError> {
    for (start, energy, is_final) in &record.readings {
        let Some(start) = DateTime::from_timestamp(*start, 0) else { continue };
        next.write(
            "usage",
            &[
                ("customer_id", customer.into()),
                ("subscription_id", (&record.subscription).into()),
                ("feed_in", record.feed_in.into()),
                ("start_utc", start.into()),
                ("resolution", record.resolution.as_str().into()),
                ("kwh", (*energy as f64 / 1e6).into()),
                ("final", (*is_final).into()),
            ],
        )?;
    }
    Ok(())
}
