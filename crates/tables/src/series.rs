//! A time series: strictly increasing, gap-free, of one resolution, and what it says on a horizon.

use std::ops::Range;

use chrono::{DateTime, Duration, Utc};
use offpeak_domain::Horizon;

use crate::error::{At, TableError};

/// Resolutions a series may have, in minutes.
const RESOLUTIONS: [i64; 3] = [15, 30, 60];

/// The time stamps of a series, checked one by one as they are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct TimeAxis {
    start: Option<DateTime<Utc>>,
    step: Option<Duration>,
    rows: usize,
}

/// Values on a time axis.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TimeSeries {
    axis: TimeAxis,
    values: Vec<f64>,
}

impl TimeAxis {
    /// Takes the next time stamp; `at` and `column` say where it stands.
    pub(crate) fn push(
        &mut self,
        instant: DateTime<Utc>,
        column: &str,
        at: impl FnOnce() -> At,
    ) -> Result<(), TableError> {
        let Some(start) = self.start else {
            self.start = Some(instant);
            self.rows = 1;
            return Ok(());
        };
        let previous =
            start + self.step.unwrap_or_default() * i32::try_from(self.rows - 1).unwrap_or(i32::MAX);
        let step = instant - previous;
        let usual = self.step.is_none_or(|usual| usual == step);
        if usual && RESOLUTIONS.contains(&step.num_minutes()) && step.subsec_nanos() == 0 {
            self.step = Some(step);
            self.rows += 1;
            return Ok(());
        }
        Err(self.refuse_step(instant, previous, column, &at()))
    }

    fn refuse_step(
        &self,
        instant: DateTime<Utc>,
        previous: DateTime<Utc>,
        column: &str,
        at: &At,
    ) -> TableError {
        let found = stamp(instant);
        if instant == previous {
            return at.column(column, format!("{found} again"), "must be there once");
        }
        if instant < previous {
            let allowed = format!("must come after {}, the row before", stamp(previous));
            return at.column(column, found, allowed).hint("sort the rows by time");
        }
        let Some(step) = self.step else {
            let minutes = (instant - previous).num_minutes();
            let allowed = "must be 15, 30 or 60 minutes after the row before";
            return at.column(column, found, allowed).hint(format!("it is {minutes} minutes after it"));
        };
        let expected = stamp(previous + step);
        let allowed = format!("must be {expected}, {} minutes after the row before", step.num_minutes());
        let error = at.column(column, found, allowed);
        if instant - previous > step {
            error.hint(format!("rows from {expected} are missing; a gap is never filled"))
        } else {
            error.hint("a series has one resolution; split the file where it changes")
        }
    }

    /// The part of the axis from row `first` on, of `rows` rows.
    pub(crate) fn part(&self, first: usize, rows: usize) -> Self {
        let skipped = self.step.unwrap_or_default() * i32::try_from(first).unwrap_or(i32::MAX);
        Self { start: self.start.map(|start| start + skipped), step: self.step, rows }
    }

    /// How many time stamps there are.
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// The first instant that the series says nothing about any more.
    fn end(&self) -> Option<DateTime<Utc>> {
        Some(self.start? + self.step? * i32::try_from(self.rows).ok()?)
    }

    /// The rows that say something about `horizon`; `at` is the series as a whole.
    ///
    /// # Errors
    /// [`TableError`] naming the first instant of the horizon without a row.
    pub(crate) fn covering(&self, horizon: &Horizon, at: &At) -> Result<Range<usize>, TableError> {
        let (Some(start), Some(step), Some(end)) = (self.start, self.step, self.end()) else {
            let found = format!("{} rows", self.rows);
            return Err(at.error(found, "must have at least two rows, to show the resolution"));
        };
        let missing = if start > horizon.start() { Some(horizon.start()) } else { None };
        let missing = missing.or((end < horizon.end()).then_some(end.max(horizon.start())));
        if let Some(missing) = missing {
            let found =
                format!("no value at {}; it spans {} to {}", stamp(missing), stamp(start), stamp(end));
            let (from, to) = (stamp(horizon.start()), stamp(horizon.end()));
            return Err(at.error(found, format!("must cover the plan from {from} to {to}")));
        }
        Ok(rows_between(start, step, horizon.start())
            ..rows_between(start, step, horizon.end() + step - Duration::seconds(1)))
    }

    /// The rows of each interval of `horizon`, which the axis covers, with their shares of the interval.
    fn shares(&self, horizon: &Horizon) -> impl Iterator<Item = impl Iterator<Item = (usize, f64)>> {
        let start = self.start.unwrap_or_default().timestamp_micros();
        let step = self.step.unwrap_or(Duration::minutes(15)).num_seconds() * 1_000_000;
        horizon.edges().array_windows().map(move |[from, to]| {
            // In whole numbers, because a fleet has millions of intervals.
            let (from, to) = (from.timestamp_micros() - start, to.timestamp_micros() - start);
            (from.div_euclid(step)..(to + step - 1).div_euclid(step)).map(move |row| {
                let overlap = ((row + 1) * step).min(to) - (row * step).max(from);
                (usize::try_from(row).unwrap_or(0), overlap as f64 / (to - from) as f64)
            })
        })
    }
}

impl TimeSeries {
    /// Pairs an axis with its values, one per row.
    pub(crate) fn new(axis: TimeAxis, values: Vec<f64>) -> Self {
        debug_assert_eq!(axis.rows, values.len(), "one value per time stamp");
        Self { axis, values }
    }

    /// How long an interval is; not known of a single one.
    pub(crate) fn hours_of_interval(&self) -> Option<f64> {
        self.axis.step.map(|step| step.num_minutes() as f64 / 60.0)
    }

    /// One value per interval; a coarser series is held, a finer one averaged. For powers and temperatures.
    ///
    /// # Errors
    /// [`TableError`] if the series does not cover the horizon.
    pub(crate) fn averaged_on(&self, horizon: &Horizon, at: &At) -> Result<Vec<f64>, TableError> {
        self.axis.covering(horizon, at)?;
        let intervals = self.axis.shares(horizon);
        Ok(intervals.map(|shares| shares.map(|(row, share)| self.values[row] * share).sum()).collect())
    }

    /// One value per interval; a coarser series is held, a finer one refused. For prices.
    ///
    /// # Errors
    /// [`TableError`] if the series does not cover the horizon, or changes within an interval.
    pub(crate) fn held_on(&self, horizon: &Horizon, at: &At) -> Result<Vec<f64>, TableError> {
        self.axis.covering(horizon, at)?;
        let mut held = Vec::with_capacity(horizon.len());
        for (t, shares) in self.axis.shares(horizon).enumerate() {
            let rows: Vec<usize> = shares.map(|(row, _)| row).collect();
            let [row] = rows.as_slice() else {
                let found =
                    format!("{} prices in the interval from {}", rows.len(), stamp(horizon.start_of(t)));
                return Err(at
                    .error(found, "must have one price per interval of the plan")
                    .hint("plan in intervals no longer than those of the prices, such as --interval 15"));
            };
            held.push(self.values[*row]);
        }
        Ok(held)
    }
}

/// How many whole steps lie between `start` and `instant`.
fn rows_between(start: DateTime<Utc>, step: Duration, instant: DateTime<Utc>) -> usize {
    usize::try_from((instant - start).num_seconds() / step.num_seconds()).unwrap_or(0)
}

/// An instant as it stands in tables and messages.
pub(crate) fn stamp(instant: DateTime<Utc>) -> String {
    instant.format("%Y-%m-%dT%H:%MZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Place;
    use chrono::TimeZone;

    fn midnight() -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2026, 1, 15, 0, 0, 0).single().expect("one")
    }

    fn at() -> At {
        At { file: "prices.csv".into(), place: Place::Row(7) }
    }

    fn series(step: i64, values: &[f64]) -> TimeSeries {
        let mut axis = TimeAxis::default();
        for row in 0..values.len() {
            let instant = midnight() + Duration::minutes(step * i64::try_from(row).expect("few"));
            axis.push(instant, "start_utc", at).expect("regular");
        }
        TimeSeries::new(axis, values.to_vec())
    }

    fn horizon(minutes: u32, intervals: i64) -> Horizon {
        let end = midnight() + Duration::minutes(i64::from(minutes) * intervals);
        Horizon::between(midnight(), end, minutes).expect("divides")
    }

    fn push(instants: &[i64]) -> String {
        let mut axis = TimeAxis::default();
        let refused = instants
            .iter()
            .find_map(|minutes| axis.push(midnight() + Duration::minutes(*minutes), "start_utc", at).err());
        refused.expect("irregular").to_string()
    }

    #[test]
    fn an_hourly_series_is_held_over_quarter_hours() {
        let held = series(60, &[1.0, 2.0]).held_on(&horizon(15, 8), &at()).expect("covers");
        assert_eq!(held, [1.0, 1.0, 1.0, 1.0, 2.0, 2.0, 2.0, 2.0]);
    }

    #[test]
    fn a_finer_series_is_averaged_as_power_and_refused_as_price() {
        let quarters = series(15, &[1.0, 2.0, 3.0, 6.0]);
        assert_eq!(quarters.averaged_on(&horizon(60, 1), &at()).expect("covers"), [3.0]);
        let error = quarters.held_on(&horizon(60, 1), &at()).expect_err("four prices").to_string();
        assert!(error.contains("4 prices in the interval from 2026-01-15T00:00Z"), "{error}");
        assert!(error.contains("--interval 15"), "{error}");
    }

    #[test]
    fn gaps_repeats_and_steps_back_are_refused() {
        assert_eq!(
            push(&[0, 15, 45]),
            "prices.csv row 7, column start_utc: 2026-01-15T00:45Z; must be 2026-01-15T00:30Z, 15 minutes after \
             the row before (hint: rows from 2026-01-15T00:30Z are missing; a gap is never filled)"
        );
        assert!(push(&[0, 15, 15]).contains("2026-01-15T00:15Z again; must be there once"));
        assert!(push(&[0, 15, 0]).contains("must come after 2026-01-15T00:15Z"));
        assert!(push(&[0, 60, 75]).contains("a series has one resolution"));
        assert!(push(&[0, 20]).contains("must be 15, 30 or 60 minutes after"));
    }

    #[test]
    fn what_does_not_cover_the_plan_names_the_first_missing_instant() {
        let error = series(15, &[1.0; 8]).averaged_on(&horizon(15, 9), &at()).expect_err("short").to_string();
        assert!(error.contains("no value at 2026-01-15T02:00Z"), "{error}");
        assert!(series(15, &[1.0]).averaged_on(&horizon(15, 1), &at()).is_err());
    }

    #[test]
    fn the_rows_of_a_plan_are_cut_out_of_a_longer_series() {
        let day = series(15, &[0.0; 96]);
        let from = midnight() + Duration::hours(2);
        let plan = Horizon::between(from, from + Duration::hours(1), 15).expect("divides");
        assert_eq!(day.axis.covering(&plan, &at()), Ok(8..12));
    }
}
