//! Invoices: one per local month of supply, as soon as its usage is final.
//!
//! The total is the sum over all quarter-hours of final usage (whole Wh) times the price of the interval (hundredths
//! of ct/kWh), in whole numbers, plus the base fee; it is rounded once, half away from zero, to cents. An analog meter has one
//! number a month, which is billed at the plain mean of the month's interval prices. Feed-in is a credit: a
//! negative total.

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use super::customer::{Flow, Status, Subscription};
use super::local;
use super::prices::PriceBook;
use super::series::SeriesKey;
use super::usage;

/// One month of one subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Invoice {
    pub(crate) subscription: Subscription,
    /// First day of the month, also where supply started later in it.
    pub(crate) month: NaiveDate,
}

impl Invoice {
    pub(crate) fn id(self) -> String {
        let subscription = self.subscription.id();
        format!("inv_{}{}", subscription.trim_start_matches("sub_"), self.month.format("%Y%m"))
    }

    /// The invoice of an id, whether issued or not.
    pub(crate) fn of(id: &str, customers: u32) -> Option<Self> {
        let key = id.strip_prefix("inv_")?;
        let (one, month) = key.split_at_checked(key.len().checked_sub(6)?)?;
        let subscription = Subscription::of(&format!("sub_{one}"), customers)?;
        let (year, month) = (month.get(..4)?.parse().ok()?, month.get(4..)?.parse().ok()?);
        let invoice = Self { subscription, month: NaiveDate::from_ymd_opt(year, month, 1)? };
        (invoice.id() == id).then_some(invoice)
    }

    pub(crate) fn first_day(self) -> NaiveDate {
        self.month.max(self.subscription.start())
    }

    /// The day after the last one.
    pub(crate) fn end_day(self) -> NaiveDate {
        let month_end = local::next_month(self.month);
        let ended = self.subscription.first_status() == Status::Ended;
        if ended { month_end.min(self.subscription.end()) } else { month_end }
    }

    pub(crate) fn issued_at(self) -> DateTime<Utc> {
        local::midnight(local::final_day(self.month))
    }

    /// Counted from the month of the start, from 1.
    pub(crate) fn period_number(self) -> i32 {
        let start = self.subscription.start();
        (self.month.year() - start.year()) * 12 + self.month.month().cast_signed()
            - start.month().cast_signed()
            + 1
    }

    pub(crate) fn is_issued(self, now: DateTime<Utc>) -> bool {
        self.first_day() < self.end_day() && self.issued_at() <= now
    }

    /// Energy in Wh and total in cents.
    pub(crate) fn bill(self, seed: u64, book: &PriceBook, base_fee_cents: u32) -> (i64, i64) {
        let key = SeriesKey::of(self.subscription);
        let (mut wh, mut cost, mut price_sum, mut count) = (0_i64, 0_i128, 0_i128, 0_i128);
        for date in local::days(self.first_day(), self.end_day()) {
            let prices = book.series.day(key, date);
            for (index, quarter) in usage::metered(seed, self.subscription, date).enumerate() {
                let price = prices[if key.hourly { index / 4 } else { index }].amount();
                wh += quarter.wh;
                cost += i128::from(quarter.wh) * i128::from(price);
                price_sum += i128::from(price);
                count += 1;
            }
        }
        if !self.subscription.is_smart() && count > 0 {
            cost = i128::from(wh) * price_sum / count;
        }
        let sign = if self.subscription.flow == Flow::FeedIn { -1 } else { 1 };
        let fee = if sign > 0 { i64::from(base_fee_cents) } else { 0 };
        (wh, sign * cents(cost) + fee)
    }
}

/// Wh times hundredths of ct/kWh to cents: a hundred thousandth, rounded half away from zero.
fn cents(cost: i128) -> i64 {
    let half = if cost < 0 { -50_000 } else { 50_000 };
    i64::try_from((cost + half) / 100_000).unwrap_or(i64::MAX)
}

/// A subscription's issued invoices, newest first.
pub(crate) fn issued(one: Subscription, now: DateTime<Utc>) -> Vec<Invoice> {
    if one.first_status() == Status::Pending {
        return Vec::new();
    }
    let first = local::first_of_month(one.start());
    let months = std::iter::successors(Some(first), |month| Some(local::next_month(*month)));
    let invoices = months.map(|month| Invoice { subscription: one, month });
    let mut issued: Vec<Invoice> = invoices.take_while(|invoice| invoice.is_issued(now)).collect();
    issued.reverse();
    issued
}
