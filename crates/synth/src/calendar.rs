//! The days of a fleet, cut into quarter-hours.

use std::ops::Range;

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc, Weekday};
use offpeak_domain::Horizon;

use crate::options::ZONE;

/// The days of a fleet.
#[derive(Debug, Clone)]
pub(crate) struct Calendar {
    /// The days, in order.
    pub(crate) days: Vec<Day>,
    /// The quarter-hours of all days.
    pub(crate) quarters: Vec<Quarter>,
    /// The end of the last.
    pub(crate) end: DateTime<Utc>,
}

/// A local day.
#[derive(Debug, Clone)]
pub(crate) struct Day {
    pub(crate) date: NaiveDate,
    /// Which quarter-hours it has: 92, 96 or 100.
    pub(crate) quarters: Range<usize>,
}

/// A quarter-hour.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Quarter {
    pub(crate) start: DateTime<Utc>,
    pub(crate) date: NaiveDate,
    /// Which of its local day, by the wall clock: 0 to 95.
    pub(crate) of_day: usize,
    /// Local hour of its middle, 0.125 to 23.875.
    pub(crate) hour: f64,
}

impl Calendar {
    pub(crate) fn new(horizon: &Horizon) -> Self {
        let quarters: Vec<Quarter> = horizon.edges()[..horizon.len()].iter().map(Quarter::from).collect();
        let days = horizon
            .local_day_ranges(ZONE)
            .into_iter()
            .map(|range| Day { date: quarters[range.start].date, quarters: range })
            .collect();
        Self { days, quarters, end: horizon.end() }
    }

    pub(crate) fn start(&self) -> DateTime<Utc> {
        self.quarters[0].start
    }
}

impl From<&DateTime<Utc>> for Quarter {
    fn from(start: &DateTime<Utc>) -> Self {
        let local = start.with_timezone(&ZONE);
        let of_day = local.num_seconds_from_midnight() as usize / 900;
        Self { start: *start, date: local.date_naive(), of_day, hour: of_day as f64 / 4.0 + 0.125 }
    }
}

/// Whether offices and schools are closed; public holidays are not modelled.
pub(crate) fn is_weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

/// Interpolates between values in the middle of each month, January first.
pub(crate) fn monthly(normals: &[f64; 12], date: NaiveDate) -> f64 {
    let middle = (f64::from(date.day()) - 15.0) / 30.4;
    let this = date.month0() as usize;
    let next = if middle < 0.0 { (this + 11) % 12 } else { (this + 1) % 12 };
    normals[this] + (normals[next] - normals[this]) * middle.abs()
}

/// Means of groups of `size` values.
pub(crate) fn averaged(values: &[f64], size: usize) -> impl Iterator<Item = f64> + '_ {
    values.chunks(size).map(|group| group.iter().sum::<f64>() / group.len() as f64)
}
