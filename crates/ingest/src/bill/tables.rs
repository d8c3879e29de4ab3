//! Bills as tables.

use std::path::Path;

use chrono::DateTime;
use offpeak_tables::Value;

use super::{BillGap, BillRecord};
use crate::error::IngestError;
use crate::folder::NextTables;
use crate::log::WholeLog;

/// The tables that bills are written to.
const TABLES: [&str; 3] = ["bills", "bill_gaps", "bill_customers"];

/// Below half a cent and half a watt-hour two numbers are the same: an invoice is rounded to these.
const SAME_AMOUNT: i64 = 50_000;
const SAME_ENERGY: i64 = 500;

/// Writes bills, the spans that they say nothing about, and what came of whom.
pub(crate) fn write_tables(log: &WholeLog, folder: &Path) -> Result<(), IngestError> {
    let mut next = NextTables::begin(folder)?;
    log.read::<BillRecord, ()>(
        |_, ()| Ok(()),
        |entry| {
            next.write(
                "bill_customers",
                &[
                    ("customer_id", (&entry.customer).into()),
                    ("status", entry.outcome.as_str().into()),
                    ("reason", entry.reason.as_deref().into()),
                ],
            )?;
            for record in &entry.records {
                write_bill(&mut next, &entry.customer, record)?;
                record.gaps.iter().try_for_each(|gap| write_gap(&mut next, &entry.customer, record, gap))?;
            }
            Ok(())
        },
    )?;
    next.finish(&TABLES)
}

fn write_bill(next: &mut NextTables, customer: &str, bill: &BillRecord) -> Result<(), IngestError> {
    let eur = |amount: i64| amount as f64 / 1e7;
    let kwh = |energy: i64| energy as f64 / 1e6;
    let billed = bill.invoice.as_ref();
    let missing: i64 = bill.gaps.iter().map(|gap| gap.to - gap.from).sum();
    let (first, last) = (bill.first.to_string(), bill.last.to_string());
    next.write(
        "bills",
        &[
            ("customer_id", customer.into()),
            ("subscription_id", (&bill.subscription).into()),
            ("feed_in", bill.feed_in.into()),
            ("first_day", (&first).into()),
            ("last_day", (&last).into()),
            ("kwh", kwh(bill.energy).into()),
            ("amount_eur", eur(bill.amount).into()),
            ("missing_hours", (missing as f64 / 3600.0).into()),
            ("preliminary_readings", (bill.preliminary as f64).into()),
            ("by_mean_price", bill.by_mean.into()),
            ("invoice_id", billed.map(|one| one.id.as_str()).into()),
            ("invoice_kwh", billed.map(|one| kwh(one.energy)).into()),
            ("invoice_eur", billed.map(|one| eur(one.amount)).into()),
            ("difference_kwh", billed.map(|one| kwh(one.energy - bill.energy)).into()),
            ("difference_eur", billed.map(|one| eur(one.amount - bill.amount)).into()),
            ("difference", difference(bill).into()),
        ],
    )
}

/// What an invoice says otherwise, in a word. It may hold fees that are no part of a price per kWh.
fn difference(bill: &BillRecord) -> &'static str {
    let Some(invoice) = &bill.invoice else { return "no_invoice" };
    let energy = (invoice.energy - bill.energy).abs() > SAME_ENERGY;
    let amount = (invoice.amount - bill.amount).abs() > SAME_AMOUNT;
    match (energy, amount) {
        (false, false) => "none",
        (true, false) => "energy",
        (false, true) => "amount",
        (true, true) => "energy_and_amount",
    }
}

fn write_gap(
    next: &mut NextTables,
    customer: &str,
    bill: &BillRecord,
    gap: &BillGap,
) -> Result<(), IngestError> {
    let at = |seconds: i64| Value::Time(DateTime::from_timestamp(seconds, 0));
    next.write(
        "bill_gaps",
        &[
            ("customer_id", customer.into()),
            ("subscription_id", (&bill.subscription).into()),
            ("from_utc", at(gap.from)),
            ("to_utc", at(gap.to)),
            ("missing", gap.missing.as_str().into()),
        ],
    )
}
