//! The job of prices, and the tables that a plan reads.

use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;
use offpeak_providers::{
    Direction, ErrorCode, LocalDays, NomosSeries, PriceSource as _, ProviderError, Publication,
};
use serde::{Deserialize, Serialize};

use crate::error::IngestError;
use crate::folder::NextTables;
use crate::known::Ids;
use crate::log::WholeLog;
use crate::outcome::Outcome;
use crate::pair::{Pair, Paired, paired, there};
use crate::reach::{Reach, Trouble};
use crate::run::{Done, Job, failed};
use crate::tokens::AccessTokens;

/// The tables that a sync of prices writes.
pub(crate) const TABLES: [&str; 3] = ["prices", "tariffs", "customers"];

pub(crate) struct PriceJob<A> {
    pub(crate) reach: Arc<Reach<A>>,
    pub(crate) days: LocalDays,
}

/// What there is of a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PriceRecord {
    #[serde(flatten)]
    ids: Ids,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    price_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    days: Option<[NaiveDate; 2]>,
}

/// What came of one connection.
struct OfConnection {
    outcome: Outcome,
    reason: Option<String>,
    record: PriceRecord,
    pair: Option<(String, Pair)>,
}

impl<A: AccessTokens> Job for PriceJob<A> {
    type Record = PriceRecord;
    type Shared = Pair;

    async fn run(&self, customer: &str) -> Done<PriceRecord, Pair> {
        self.of_customer(customer).await.unwrap_or_else(|trouble| failed(&trouble))
    }
}

impl<A: AccessTokens> PriceJob<A> {
    async fn of_customer(&self, customer: &str) -> Result<Done<PriceRecord, Pair>, Trouble> {
        let (mut listed, just_now) = self.reach.connections(customer).await?;
        let mut each = self.of_connections(customer, &listed.connections).await;
        // A list from the store may be of yesterday: what the provider knows no more is listed again, once.
        if !just_now && is_stale(&each) {
            self.reach.forget(customer)?;
            listed = self.reach.connections(customer).await?.0;
            each = self.of_connections(customer, &listed.connections).await;
        }
        Ok(joined(each?))
    }

    async fn of_connections(&self, customer: &str, all: &[Ids]) -> Result<Vec<OfConnection>, Trouble> {
        let mut each = Vec::with_capacity(all.len());
        for ids in all {
            let import = self.prices(customer, ids.consumption.as_deref(), Direction::Consumption).await?;
            let export = self.prices(customer, ids.feed_in.as_deref(), Direction::FeedIn).await?;
            each.push(of_connection(ids, import.as_ref(), export.as_ref()));
        }
        Ok(each)
    }

    async fn prices(
        &self,
        customer: &str,
        subscription: Option<&str>,
        direction: Direction,
    ) -> Result<Option<Publication>, Trouble> {
        let Some(subscription) = subscription else { return Ok(None) };
        let nomos = &self.reach.nomos;
        let asked = self.reach.ask(customer, |token| async move {
            let of = NomosSeries { token, subscription: subscription.to_owned(), direction };
            nomos.prices(&of, self.days).await
        });
        asked.await.map(Some)
    }
}

fn is_stale(each: &Result<Vec<OfConnection>, Trouble>) -> bool {
    match each {
        Ok(each) => each.iter().any(|one| one.outcome == Outcome::NotDelivered),
        Err(Trouble::Provider(ProviderError::Refused { code, .. })) => *code == ErrorCode::NotFound,
        Err(_) => false,
    }
}

fn of_connection(ids: &Ids, import: Option<&Publication>, export: Option<&Publication>) -> OfConnection {
    let both = || [import, export].into_iter().flatten();
    let pair = paired(import.and_then(there), export.and_then(there));
    let missing = both().find_map(|publication| match publication {
        Publication::NotYetPublished { days, .. } => days.first(),
        Publication::Complete(_) | Publication::NotDelivered => None,
    });
    // Without import the pay for what is fed in has no place in a plan's prices, but there is nothing to wait for.
    let one_missing = ids.feed_in.is_some() && export.and_then(there).is_none();
    let pair = pair.filter(|_| !one_missing);
    let (outcome, reason) = if both().any(|publication| *publication == Publication::NotDelivered) {
        (Outcome::NotDelivered, Some("a subscription is not delivered on these days".to_owned()))
    } else if let Some(one) = missing {
        (Outcome::NotYetPublished, Some(format!("{}: {}", one.day, one.gap)))
    } else if pair.as_ref().is_some_and(|pair| pair.provisional) {
        (Outcome::Provisional, None)
    } else {
        (Outcome::Fetched, None)
    };
    let days = pair.as_ref().map(|Paired { days, .. }| *days);
    let pair = pair.map(|Paired { pair, .. }| (pair.id(), pair));
    let price_id = pair.as_ref().map(|(id, _)| id.clone());
    OfConnection { outcome, reason, record: PriceRecord { ids: ids.clone(), price_id, days }, pair }
}

/// The worst of the connections is what came of the customer.
fn joined(each: Vec<OfConnection>) -> Done<PriceRecord, Pair> {
    let worst = each.iter().max_by_key(|one| one.outcome);
    let outcome = worst.map_or(Outcome::NotDelivered, |one| one.outcome);
    let none = || Some("no active subscription".to_owned());
    let reason = worst.map_or_else(none, |one| one.reason.clone());
    let (records, shared): (Vec<_>, Vec<_>) = each.into_iter().map(|one| (one.record, one.pair)).unzip();
    Done { outcome, reason, records, shared: shared.into_iter().flatten().collect() }
}

/// Writes prices, each series once, tariffs that name them, and what came of whom.
pub(crate) fn write_tables(log: &WholeLog, folder: &Path) -> Result<(), IngestError> {
    let next = std::cell::RefCell::new(NextTables::begin(folder)?);
    log.read::<PriceRecord, Pair>(
        |id, pair| {
            for (start, import, export) in pair.rows() {
                let row = [
                    ("price_id", id.into()),
                    ("start_utc", start.into()),
                    ("import_ct_per_kwh", import.into()),
                    ("export_ct_per_kwh", export.into()),
                ];
                next.borrow_mut().write("prices", &row)?;
            }
            Ok(())
        },
        |entry| {
            let mut next = next.borrow_mut();
            if entry.records.is_empty() {
                let nothing =
                    PriceRecord { ids: Ids { consumption: None, feed_in: None }, price_id: None, days: None };
                return write_customer(
                    &mut next,
                    &entry.customer,
                    entry.outcome,
                    entry.reason.as_deref(),
                    &nothing,
                    None,
                );
            }
            for record in &entry.records {
                let tariff = tariff_id(&entry.customer, record, entry.records.len());
                if let Some(price_id) = &record.price_id {
                    let feed_in = if record.ids.feed_in.is_some() { "series" } else { "none" };
                    let row = [
                        ("tariff_id", (&tariff).into()),
                        ("kind", "all_in".into()),
                        ("price_id", price_id.into()),
                        ("feed_in", feed_in.into()),
                    ];
                    next.write("tariffs", &row)?;
                }
                let tariff = record.price_id.is_some().then_some(tariff.as_str());
                write_customer(
                    &mut next,
                    &entry.customer,
                    entry.outcome,
                    entry.reason.as_deref(),
                    record,
                    tariff,
                )?;
            }
            Ok(())
        },
    )?;
    next.into_inner().finish(&TABLES)
}

/// The customer, and which of its connections if there are several.
fn tariff_id(customer: &str, record: &PriceRecord, connections: usize) -> String {
    match record.ids.consumption.as_ref().or(record.ids.feed_in.as_ref()) {
        Some(subscription) if connections > 1 => format!("{customer}/{subscription}"),
        _ => customer.to_owned(),
    }
}

fn write_customer(
    next: &mut NextTables,
    customer: &str,
    outcome: Outcome,
    reason: Option<&str>,
    record: &PriceRecord,
    tariff: Option<&str>,
) -> Result<(), IngestError> {
    let day = |index: usize| record.days.map(|days| days[index].to_string());
    let (first, last) = (day(0), day(1));
    next.write(
        "customers",
        &[
            ("customer_id", customer.into()),
            ("status", outcome.as_str().into()),
            ("reason", reason.into()),
            ("subscription_id", record.ids.consumption.as_deref().into()),
            ("feed_in_subscription_id", record.ids.feed_in.as_deref().into()),
            ("tariff_id", tariff.into()),
            ("price_id", record.price_id.as_deref().into()),
            ("first_day", first.as_deref().into()),
            ("last_day", last.as_deref().into()),
        ],
    )
}
