//! The price series: a few, shared by many customers, one per plan, grid operator and grid fee.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{Datelike, NaiveDate, Timelike};
use chrono_tz::Europe::Berlin;

use super::customer::{Flow, Subscription};
use super::dice::unit;
use super::local::{self, QUARTER_S};

/// Days of series that are kept; beyond it all are forgotten, for they can be computed again.
const KEPT: usize = 20_000;
/// VAT as a factor.
const VAT: f64 = 1.19;

/// What a series depends on besides the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct SeriesKey {
    pub(crate) flow: Flow,
    pub(crate) hourly: bool,
    grid_operator: u32,
    module_3: bool,
}

impl SeriesKey {
    pub(crate) fn of(one: Subscription) -> Self {
        // Feed-in pays no grid fee, so all its customers share one series.
        let grid_operator = if one.flow == Flow::FeedIn { 0 } else { one.grid_operator() };
        Self { flow: one.flow, hourly: one.is_hourly(), grid_operator, module_3: one.has_module_3() }
    }

    pub(crate) fn resolution(self) -> &'static str {
        if self.hourly { "hourly" } else { "15min" }
    }

    pub(crate) fn step_s(self) -> i64 {
        if self.hourly { 4 * QUARTER_S } else { QUARTER_S }
    }
}

/// The price of one interval, in hundredths of ct/kWh; its parts sum to it exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PriceItem {
    /// Start, in seconds of UTC.
    pub(crate) start: i64,
    pub(crate) electricity: i64,
    pub(crate) grid: i64,
    pub(crate) levies: i64,
}

impl PriceItem {
    pub(crate) fn amount(&self) -> i64 {
        self.electricity + self.grid + self.levies
    }
}

/// A day of a series.
type Day = Arc<Vec<PriceItem>>;

/// Series by day, computed when asked for.
pub(crate) struct Series {
    seed: u64,
    days: Mutex<HashMap<(SeriesKey, NaiveDate), Day>>,
}

impl Series {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed, days: Mutex::default() }
    }

    /// The intervals of a local day: 92, 96 or 100 quarter-hours, or 23, 24 or 25 hours.
    pub(crate) fn day(&self, key: SeriesKey, date: NaiveDate) -> Day {
        let mut days = self.days.lock().unwrap_or_else(PoisonError::into_inner);
        if days.len() > KEPT {
            days.clear();
        }
        days.entry((key, date)).or_insert_with(|| Arc::new(computed(self.seed, key, date))).clone()
    }
}

fn computed(seed: u64, key: SeriesKey, date: NaiveDate) -> Vec<PriceItem> {
    let (start, end) = (local::midnight(date).timestamp(), local::midnight(local::next(date)).timestamp());
    let step = key.step_s();
    (0..(end - start) / step).map(|index| item(seed, key, date, start + index * step)).collect()
}

fn item(seed: u64, key: SeriesKey, date: NaiveDate, start: i64) -> PriceItem {
    let quarters = key.step_s() / QUARTER_S;
    let spot =
        (0..quarters).map(|n| spot_ct(seed, date, start + n * QUARTER_S)).sum::<f64>() / quarters as f64;
    if key.flow == Flow::FeedIn {
        return PriceItem { start, electricity: hundredths(spot), grid: 0, levies: 0 };
    }
    PriceItem {
        start,
        electricity: hundredths((spot + 1.2) * VAT),
        grid: hundredths(grid_ct(key, local_hour(start)) * VAT),
        levies: hundredths(5.2 * VAT),
    }
}

/// The exchange's price of a quarter-hour in ct/kWh: cheap nights, a dip at noon that is deep on some days, and two peaks.
fn spot_ct(seed: u64, date: NaiveDate, start: i64) -> f64 {
    let day = u64::from(date.num_days_from_ce().unsigned_abs());
    let hour = local_hour(start);
    let level = 6.0 + 6.0 * unit(seed, 1, day, 0);
    // One day in eight is so sunny that the whole price of a kWh, with fees, falls below zero.
    let sun = if unit(seed, 2, day, 0) < 0.125 { 38.0 } else { 9.0 * unit(seed, 3, day, 0) };
    let bump = |centre: f64, width: f64| (-((hour - centre) / width).powi(2)).exp();
    let shape = 3.0 * bump(8.0, 1.5) + 6.0 * bump(19.0, 2.0) - 2.0 * bump(3.0, 3.0) - sun * bump(13.0, 2.0);
    level + shape + unit(seed, 4, start.unsigned_abs(), 0) - 0.5
}

/// Grid fee in ct/kWh without VAT. Module 3 has cheap nights and dear evenings.
fn grid_ct(key: SeriesKey, hour: f64) -> f64 {
    let flat = 7.0 + 0.8 * f64::from(key.grid_operator);
    match key.module_3 {
        true if hour < 6.0 => flat * 0.3,
        true if (17.0..21.0).contains(&hour) => flat * 1.5,
        _ => flat,
    }
}

fn local_hour(start: i64) -> f64 {
    let local = chrono::DateTime::from_timestamp(start, 0).unwrap_or_default().with_timezone(&Berlin);
    f64::from(local.hour()) + f64::from(local.minute()) / 60.0
}

#[expect(clippy::cast_possible_truncation, reason = "a price is far below 2^63 hundredths of a cent")]
fn hundredths(ct: f64) -> i64 {
    (ct * 100.0).round() as i64
}
