//! The job of bills: usage times price, interval by interval, beside what the provider bills.

mod cost;
mod tables;

use std::sync::Arc;

use chrono::{Datelike as _, Days, Months, NaiveDate};
use offpeak_providers::{
    Direction, Invoice, InvoiceKind, InvoiceStatus, LocalDays, NomosSeries, PriceSeries, PriceSource as _,
    Publication,
};
use serde::{Deserialize, Serialize};

use crate::outcome::Outcome;
use crate::pair::there;
use crate::reach::{Reach, Trouble};
use crate::run::{Done, Job, failed};
use crate::tokens::AccessTokens;
use cost::cost;
pub(crate) use tables::write_tables;

pub(crate) struct BillJob<A> {
    pub(crate) reach: Arc<Reach<A>>,
    pub(crate) days: LocalDays,
}

/// A subscription's bill of one month, or of those of its days that were asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BillRecord {
    pub(crate) subscription: String,
    pub(crate) feed_in: bool,
    pub(crate) first: NaiveDate,
    pub(crate) last: NaiveDate,
    /// 1e-6 kWh with a price.
    pub(crate) energy: i64,
    /// 1e-5 ct; what is paid for feed-in is negative, as on an invoice.
    pub(crate) amount: i64,
    /// Readings that may change.
    pub(crate) preliminary: usize,
    /// Whether a reading was longer than the interval of prices, so that their mean stands for them.
    pub(crate) by_mean: bool,
    pub(crate) gaps: Vec<BillGap>,
    pub(crate) invoice: Option<Billed>,
}

/// A span that the bill says nothing about; instants in seconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BillGap {
    pub(crate) from: i64,
    pub(crate) to: i64,
    /// What is missing: `usage` or `price`.
    pub(crate) missing: String,
}

/// What the provider bills for the same time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Billed {
    pub(crate) id: String,
    pub(crate) energy: i64,
    pub(crate) amount: i64,
}

impl<A: AccessTokens> Job for BillJob<A> {
    type Record = BillRecord;
    type Shared = ();

    async fn run(&self, customer: &str) -> Done<BillRecord, ()> {
        self.of_customer(customer).await.unwrap_or_else(|trouble| failed(&trouble))
    }
}

impl<A: AccessTokens> BillJob<A> {
    async fn of_customer(&self, customer: &str) -> Result<Done<BillRecord, ()>, Trouble> {
        let (listed, _) = self.reach.connections(customer).await?;
        let mut records = Vec::new();
        for ids in &listed.connections {
            let both = [(&ids.consumption, Direction::Consumption), (&ids.feed_in, Direction::FeedIn)];
            for (subscription, direction) in both {
                if let Some(subscription) = subscription {
                    records.extend(self.of_subscription(customer, subscription, direction).await?);
                }
            }
        }
        let (outcome, reason) = outcome(&records);
        Ok(Done { outcome, reason, records, shared: Vec::new() })
    }

    async fn of_subscription(
        &self,
        customer: &str,
        subscription: &str,
        direction: Direction,
    ) -> Result<Vec<BillRecord>, Trouble> {
        let nomos = &self.reach.nomos;
        let invoices = self
            .reach
            .ask(customer, |token| async move { nomos.invoices(&token, subscription).await })
            .await?;
        let mut bills = Vec::new();
        for month in months(self.days) {
            let usage = self
                .reach
                .ask(customer, |token| async move { nomos.usage(&token, subscription, month).await })
                .await?;
            let prices = self.prices(customer, subscription, direction, month).await?;
            let mut bill = cost(subscription, direction, month, &usage, &prices);
            bill.invoice = invoice_of(&invoices, month);
            bills.push(bill);
        }
        Ok(bills)
    }

    /// The prices of a month; days that are not published leave holes between the series.
    async fn prices(
        &self,
        customer: &str,
        subscription: &str,
        direction: Direction,
        month: LocalDays,
    ) -> Result<Vec<PriceSeries>, Trouble> {
        let nomos = &self.reach.nomos;
        let (mut series, mut rest) = (Vec::new(), Some(month));
        while let Some(days) = rest.take() {
            let asked = self.reach.ask(customer, |token| async move {
                let of = NomosSeries { token, subscription: subscription.to_owned(), direction };
                nomos.prices(&of, days).await
            });
            let publication = asked.await?;
            series.extend(there(&publication).cloned());
            if let Publication::NotYetPublished { days: missing, .. } = &publication
                && let Some(hole) = missing.first()
            {
                rest = LocalDays::new(hole.day + Days::new(1), month.last(), month.zone()).ok();
            }
        }
        Ok(series)
    }
}

/// The days, split where months end.
fn months(days: LocalDays) -> Vec<LocalDays> {
    let (mut months, mut first) = (Vec::new(), days.first());
    while first <= days.last() {
        let next = first.with_day(1).unwrap_or(first) + Months::new(1);
        let last = (next - Days::new(1)).min(days.last());
        months.extend(LocalDays::new(first, last, days.zone()));
        first = next;
    }
    months
}

/// The invoice of exactly these days, unless it was taken back.
fn invoice_of(invoices: &[Invoice], month: LocalDays) -> Option<Billed> {
    invoices.iter().find_map(|invoice| match &invoice.kind {
        InvoiceKind::Usage { energy }
            if invoice.status != InvoiceStatus::Voided
                && (invoice.period_start, invoice.period_end) == (month.start_utc(), month.end_utc()) =>
        {
            Some(Billed { id: invoice.id.clone(), energy: energy.0, amount: invoice.total.0 })
        }
        _ => None,
    })
}

fn outcome(records: &[BillRecord]) -> (Outcome, Option<String>) {
    if records.is_empty() {
        return (Outcome::NotDelivered, Some("no active subscription".to_owned()));
    }
    if let Some(gap) = records.iter().flat_map(|one| &one.gaps).next() {
        return (Outcome::NotYetPublished, Some(format!("intervals without {}", gap.missing)));
    }
    let settled = records.iter().all(|one| one.preliminary == 0);
    (if settled { Outcome::Fetched } else { Outcome::Provisional }, None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Europe::Berlin;

    #[test]
    fn days_are_split_where_months_end() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let days = LocalDays::new(day("2025-12-30"), day("2026-02-03"), Berlin).unwrap();
        let spans: Vec<_> = months(days).iter().map(|one| (one.first(), one.last())).collect();
        let expected =
            [("2025-12-30", "2025-12-31"), ("2026-01-01", "2026-01-31"), ("2026-02-01", "2026-02-03")];
        assert_eq!(spans, expected.map(|(first, last)| (day(first), day(last))));
    }
}
