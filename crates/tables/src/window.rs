//! What time a plan covers.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, Duration, NaiveDate, Utc};
use chrono_tz::Tz;
use offpeak_domain::{Horizon, InvalidInput, YEARS};

/// What time a plan covers, for every home of a fleet, whatever its time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlanWindow {
    /// From when to when.
    pub span: Span,
    /// Length of an interval in minutes: 15, or another divisor of 60.
    pub interval_minutes: u32,
}

/// From when to when a plan reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// Whole local days of each home.
    LocalDays {
        /// The first day.
        first: NaiveDate,
        /// How many, at least 1.
        days: u32,
    },
    /// The same instants for all homes.
    Instants {
        /// The first edge; the first interval is cut short if it lies within one.
        from: DateTime<Utc>,
        /// The last edge.
        to: DateTime<Utc>,
    },
}

/// Most intervals of a plan: a month of quarter-hours. A longer one is a slip in a date.
const MOST_INTERVALS: i64 = 31 * 96 + 4;

impl PlanWindow {
    /// One local day in quarter-hours.
    pub fn local_day(date: NaiveDate) -> Self {
        Self { span: Span::LocalDays { first: date, days: 1 }, interval_minutes: 15 }
    }

    /// The horizon of a home in `zone`.
    ///
    /// # Errors
    /// [`InvalidInput`] if the span is empty, too long, or does not divide into such intervals.
    pub fn horizon(&self, zone: Tz) -> Result<Horizon, InvalidInput> {
        let minutes = self.interval_minutes;
        if minutes == 0 || 60 % minutes != 0 {
            let allowed = "must be 15, or another number of minutes that divides an hour";
            return Err(InvalidInput::new("interval", format!("{minutes} minutes"), allowed));
        }
        match self.span {
            Span::LocalDays { first, days } => {
                within_limit(i64::from(days) * 25 * 60, minutes)?;
                Horizon::local_days(first, days, zone, minutes)
            }
            Span::Instants { from, to } => {
                [from, to].into_iter().try_for_each(within_years)?;
                within_limit((to - from).num_minutes(), minutes)?;
                Horizon::from_edges(edges(from, to, Duration::minutes(i64::from(minutes))))
            }
        }
    }
}

fn within_limit(span_minutes: i64, interval_minutes: u32) -> Result<(), InvalidInput> {
    let intervals = span_minutes / i64::from(interval_minutes);
    if intervals <= MOST_INTERVALS {
        return Ok(());
    }
    let allowed = format!("must have at most {MOST_INTERVALS}, a month of quarter-hours");
    Err(InvalidInput::new("horizon", format!("about {intervals} intervals"), allowed))
}

fn within_years(instant: DateTime<Utc>) -> Result<(), InvalidInput> {
    if YEARS.contains(&instant.year()) {
        return Ok(());
    }
    let allowed = format!("must lie in the years from {} to {}", YEARS.start(), YEARS.end());
    Err(InvalidInput::new("start or end", instant.to_string(), allowed))
}

/// Edges a whole number of intervals before `to`, and `from`.
fn edges(from: DateTime<Utc>, to: DateTime<Utc>, length: Duration) -> Vec<DateTime<Utc>> {
    let whole = std::iter::successors(Some(to), |edge| Some(*edge - length)).take_while(|edge| *edge > from);
    let edges: BTreeSet<DateTime<Utc>> = whole.chain([from]).collect();
    edges.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;
    use chrono_tz::Europe::{Berlin, London};
    use chrono_tz::Pacific;
    use proptest::prelude::*;

    fn at(hour: u32, minute: u32) -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2026, 1, 15, hour, minute, 0).single().expect("one")
    }

    fn instants(from: DateTime<Utc>, to: DateTime<Utc>, interval_minutes: u32) -> PlanWindow {
        PlanWindow { span: Span::Instants { from, to }, interval_minutes }
    }

    #[test]
    fn a_local_day_begins_at_the_midnight_of_each_home() {
        let window = PlanWindow::local_day(NaiveDate::from_ymd_opt(2026, 1, 15).expect("a date"));
        assert_eq!(window.horizon(London).expect("a day").start(), at(0, 0));
        let berlin = window.horizon(Berlin).expect("a day");
        assert_eq!(berlin.start(), at(0, 0) - Duration::hours(1));
    }

    #[test]
    fn a_plan_may_begin_within_an_interval() {
        let horizon = instants(at(8, 7), at(9, 0), 15).horizon(Berlin).expect("valid");
        assert_eq!(horizon.edges(), [at(8, 7), at(8, 15), at(8, 30), at(8, 45), at(9, 0)]);
    }

    #[test]
    fn empty_endless_and_odd_windows_are_refused() {
        assert!(instants(at(8, 0), at(8, 0), 15).horizon(Berlin).is_err());
        assert!(instants(at(9, 0), at(8, 0), 15).horizon(Berlin).is_err());
        assert!(instants(at(8, 0), at(9, 0), 0).horizon(Berlin).is_err());
        assert!(instants(at(8, 0), at(9, 0), 7).horizon(Berlin).is_err());
        assert!(instants(at(8, 0), at(8, 0) + Duration::days(400), 15).horizon(Berlin).is_err());
        let (first, last) = (DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC);
        assert!(instants(first, first + Duration::hours(1), 15).horizon(Berlin).is_err());
        assert!(instants(last - Duration::hours(1), last, 15).horizon(Berlin).is_err());
    }

    proptest! {
        #[test]
        fn any_window_has_a_horizon_or_an_error(
            seconds in prop::array::uniform2(any::<i64>()),
            day in any::<i32>(),
            days in any::<u32>(),
            interval_minutes in prop_oneof![0..100_u32, any::<u32>()],
        ) {
            let [from, to] = seconds.map(|seconds| DateTime::from_timestamp(seconds >> 20, 0).unwrap_or_default());
            let first = NaiveDate::from_num_days_from_ce_opt(day >> 5).unwrap_or(NaiveDate::MIN);
            for span in [Span::LocalDays { first, days }, Span::LocalDays { first, days: days >> 28 }, Span::Instants { from, to }] {
                for zone in [Berlin, Pacific::Kiritimati, Tz::UTC] {
                    let horizon = PlanWindow { span, interval_minutes }.horizon(zone);
                    prop_assert!(horizon.is_ok() || !horizon.expect_err("not ok").allowed.is_empty());
                }
            }
        }
    }
}
