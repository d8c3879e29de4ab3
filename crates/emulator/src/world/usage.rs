//! What a meter says: quarter-hours in whole Wh, first preliminary and with gaps, later final and complete.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use super::customer::{Flow, Subscription};
use super::dice::{dice, unit};
use super::local::{self, QUARTER_S};

/// A quarter-hour of a meter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Quarter {
    /// Start, in seconds of UTC.
    pub(crate) start: i64,
    pub(crate) wh: i64,
    pub(crate) is_final: bool,
}

/// What is known of `date` at `now`; nothing before 16:00 of the day after, and nothing outside the supply.
pub(crate) fn day(seed: u64, one: Subscription, date: NaiveDate, now: DateTime<Utc>) -> Vec<Quarter> {
    let out_at = local::at(local::next(date), NaiveTime::from_hms_opt(16, 0, 0).unwrap_or_default());
    if now < out_at {
        return Vec::new();
    }
    let is_final = local::date_of(now) >= local::final_day(date);
    let quarters = metered(seed, one, date).enumerate();
    let known = quarters.filter(|(index, _)| is_final || !is_gap(seed, one, date, *index));
    known
        .map(|(_, quarter)| Quarter {
            is_final,
            wh: quarter.wh + rough(seed, one, &quarter, is_final),
            ..quarter
        })
        .collect()
}

/// A day as it will be once final.
pub(crate) fn metered(seed: u64, one: Subscription, date: NaiveDate) -> impl Iterator<Item = Quarter> {
    let (start, end) = (local::midnight(date).timestamp(), local::midnight(local::next(date)).timestamp());
    (0..(end - start) / QUARTER_S).map(move |index| {
        let start = start + index * QUARTER_S;
        Quarter { start, wh: wh(seed, one, start, index), is_final: true }
    })
}

/// Energy of a quarter-hour in Wh; `index` is its place in the local day.
#[expect(clippy::cast_possible_truncation, reason = "a home's quarter-hour is a few thousand Wh")]
fn wh(seed: u64, one: Subscription, start: i64, index: i64) -> i64 {
    let hour = index as f64 / 4.0;
    let luck = unit(seed, 10 + one.flow as u64, u64::from(one.customer), start.unsigned_abs());
    let bump = |centre: f64, width: f64| (-((hour - centre) / width).powi(2)).exp();
    let size = 0.6 + unit(seed, 12, u64::from(one.customer), 0);
    let shape = match one.flow {
        Flow::Consumption => 45.0 + 60.0 * bump(7.5, 1.5) + 160.0 * bump(19.0, 2.5) + 90.0 * luck,
        Flow::FeedIn => 900.0 * bump(13.0, 3.0) * (0.3 + 0.7 * luck),
    };
    (shape * size).round() as i64
}

/// Two hours are missing on one day in twenty.
fn is_gap(seed: u64, one: Subscription, date: NaiveDate, index: usize) -> bool {
    let days = date.signed_duration_since(NaiveDate::default()).num_days().unsigned_abs();
    let roll = dice(seed, 13, u64::from(one.customer), days);
    let first = usize::try_from(roll / 20 % 88).unwrap_or(0);
    roll.is_multiple_of(20) && (first..first + 8).contains(&index)
}

/// How far a preliminary value is off: one in ten, by up to 20 Wh.
fn rough(seed: u64, one: Subscription, quarter: &Quarter, is_final: bool) -> i64 {
    let roll = dice(seed, 14, u64::from(one.customer), quarter.start.unsigned_abs());
    if is_final || !roll.is_multiple_of(10) { 0 } else { i64::try_from(roll / 10 % 21).unwrap_or(0) }
}
