//! The grid fee of a kWh: flat, or by the time windows of §14a EnWG module 3.
//!
//! Module 3 is a time-variable grid fee that every German grid operator must offer since April 2025
//! (Bundesnetzagentur, decision BK8-22/010-A of 2023-11-23): a high (HT), a standard (ST) and a low (NT)
//! price, by wall clock and calendar quarter, the same on all weekdays.

use std::ops::Range;

use chrono::{DateTime, Datelike, Duration, NaiveDate, Timelike, Utc};
use chrono_tz::Tz;

use crate::error::InvalidInput;
use crate::horizon::Horizon;
use crate::units::{CentsPerKilowattHour, Hours};

/// Minutes of a day by the wall clock, midnight to midnight; days of a clock change show the same times.
const DAY_MINUTES: u32 = 24 * 60;

/// What the grid operator charges for a kWh taken from the grid, net of VAT and levies.
#[derive(Debug, Clone, PartialEq)]
pub enum GridFee {
    /// The same price at all times.
    Flat(CentsPerKilowattHour),
    /// A price by time of day and calendar quarter.
    TimeVariable(TimeVariableGridFee),
}

/// The windows of one grid operator, over all the years its price sheets are known for.
#[derive(Debug, Clone, PartialEq)]
pub struct TimeVariableGridFee {
    dso_id: String,
    windows: Vec<GridFeeWindow>,
}

/// One price within a time of day, in some quarters of the year.
#[derive(Debug, Clone, PartialEq)]
pub struct GridFeeWindow {
    /// First local day of the price sheet; it holds until the next sheet of the same operator.
    pub valid_from: NaiveDate,
    /// Whether it holds in the first, second, third and fourth quarter of the calendar year.
    pub quarters: [bool; 4],
    /// Minutes after midnight by the wall clock; 1440 is the end of the day.
    pub minutes: Range<u32>,
    /// Price within the window, net of VAT and levies.
    pub price: CentsPerKilowattHour,
}

impl GridFee {
    /// The fee of every interval, for a wall clock in `zone`.
    ///
    /// # Errors
    /// [`InvalidInput`] naming grid operator, date and time where windows leave a gap or overlap.
    pub fn per_interval(
        &self,
        horizon: &Horizon,
        zone: Tz,
    ) -> Result<Vec<CentsPerKilowattHour>, InvalidInput> {
        match self {
            Self::Flat(price) => Ok(vec![*price; horizon.len()]),
            Self::TimeVariable(fee) => fee.per_interval(horizon, zone),
        }
    }
}

impl TimeVariableGridFee {
    /// The windows of the grid operator `dso_id`; what they cover is checked for the days they are asked for.
    ///
    /// # Errors
    /// [`InvalidInput`] for a window that is empty or runs past midnight.
    pub fn new(dso_id: impl Into<String>, windows: Vec<GridFeeWindow>) -> Result<Self, InvalidInput> {
        let dso_id = dso_id.into();
        if let Some(window) =
            windows.iter().find(|one| one.minutes.is_empty() || one.minutes.end > DAY_MINUTES)
        {
            return Err(InvalidInput::new(
                format!("grid fee window of `{dso_id}`"),
                format!("{} to {}", clock(window.minutes.start), clock(window.minutes.end)),
                "must end after it starts and by 24:00; a window across midnight is two",
            ));
        }
        Ok(Self { dso_id, windows })
    }

    fn per_interval(&self, horizon: &Horizon, zone: Tz) -> Result<Vec<CentsPerKilowattHour>, InvalidInput> {
        for day in horizon.local_day_ranges(zone) {
            self.check_day(horizon.start_of(day.start).with_timezone(&zone).date_naive())?;
        }
        horizon.edges().array_windows().map(|[from, to]| self.mean(*from, *to, zone)).collect()
    }

    /// Mean fee from `from` to `to`, which is the exact price of an interval's constant power.
    fn mean(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        zone: Tz,
    ) -> Result<CentsPerKilowattHour, InvalidInput> {
        let mut weighted = 0.0;
        let mut at = from;
        while at < to {
            let window = self.window_at(at, zone)?;
            let second = at.with_timezone(&zone).num_seconds_from_midnight();
            let left = Duration::seconds(i64::from(window.minutes.end * 60 - second));
            let next = to.min(at + left).min(next_quarter_hour(at));
            weighted += window.price.0 * hours(at, next).0;
            at = next;
        }
        Ok(CentsPerKilowattHour(weighted / hours(from, to).0))
    }

    fn window_at(&self, at: DateTime<Utc>, zone: Tz) -> Result<&GridFeeWindow, InvalidInput> {
        let local = at.with_timezone(&zone);
        let minute = local.num_seconds_from_midnight() / 60;
        let mut windows = self.windows_on(local.date_naive());
        windows
            .find(|window| window.minutes.contains(&minute))
            .ok_or_else(|| self.uncovered(local.date_naive(), minute, "no window"))
    }

    /// The windows that hold on `date`, by the latest price sheet that does.
    fn windows_on(&self, date: NaiveDate) -> impl Iterator<Item = &GridFeeWindow> {
        let sheet = self.windows.iter().map(|window| window.valid_from).filter(|from| *from <= date).max();
        let quarter = date.month0() as usize / 3;
        self.windows.iter().filter(move |window| Some(window.valid_from) == sheet && window.quarters[quarter])
    }

    /// `date` is covered by exactly one window at every time of the wall clock.
    fn check_day(&self, date: NaiveDate) -> Result<(), InvalidInput> {
        let mut windows: Vec<_> = self.windows_on(date).map(|window| window.minutes.clone()).collect();
        windows.sort_by_key(|minutes| (minutes.start, minutes.end));
        let mut covered = 0;
        for minutes in windows {
            if minutes.start > covered {
                break;
            }
            if minutes.start < covered {
                return Err(self.uncovered(date, minutes.start, "two windows"));
            }
            covered = minutes.end;
        }
        if covered < DAY_MINUTES {
            return Err(self.uncovered(date, covered, "no window"));
        }
        Ok(())
    }

    fn uncovered(&self, date: NaiveDate, minute: u32, found: &str) -> InvalidInput {
        InvalidInput::new(
            format!("grid fee of `{}` on {date}", self.dso_id),
            format!("{found} at {}", clock(minute)),
            "must have exactly one window at every time of the day, valid on that date and in its quarter",
        )
    }
}

/// Clocks change only on a quarter-hour, so within one a wall clock runs evenly.
fn next_quarter_hour(at: DateTime<Utc>) -> DateTime<Utc> {
    at + Duration::seconds(900 - at.timestamp().rem_euclid(900))
}

fn hours(from: DateTime<Utc>, to: DateTime<Utc>) -> Hours {
    Hours((to - from).as_seconds_f64() / 3600.0)
}

fn clock(minute: u32) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Europe::Berlin;

    fn date(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).expect("a real date")
    }

    fn window(quarters: [bool; 4], hours: Range<u32>, price: f64) -> GridFeeWindow {
        GridFeeWindow {
            valid_from: date(2026, 1, 1),
            quarters,
            minutes: hours.start * 60..hours.end * 60,
            price: CentsPerKilowattHour(price),
        }
    }

    /// Low at night up to 03:00, high in the evening, in winter; standard all day in summer.
    fn fee() -> TimeVariableGridFee {
        let (winter, summer) = ([true, false, false, true], [false, true, true, false]);
        let windows = vec![
            window(winter, 0..3, 1.0),
            window(winter, 3..17, 8.0),
            window(winter, 17..20, 12.0),
            window(winter, 20..24, 8.0),
            window(summer, 0..24, 8.0),
        ];
        TimeVariableGridFee::new("stadtwerk", windows).expect("windows within a day")
    }

    fn on(fee: &TimeVariableGridFee, day: NaiveDate, minutes: u32) -> Result<Vec<f64>, InvalidInput> {
        let horizon = Horizon::local_day(day, Berlin, minutes).expect("divides");
        let fees = GridFee::TimeVariable(fee.clone()).per_interval(&horizon, Berlin)?;
        Ok(fees.into_iter().map(|fee| fee.0).collect())
    }

    fn count(fees: &[f64], price: f64) -> usize {
        fees.iter().filter(|fee| (**fee - price).abs() < 1e-9).count()
    }

    #[test]
    fn windows_hold_by_wall_clock_and_quarter() {
        let winter = on(&fee(), date(2026, 1, 15), 15).expect("covered");
        assert_eq!((count(&winter, 1.0), count(&winter, 8.0), count(&winter, 12.0)), (12, 72, 12));
        assert!((winter[17 * 4] - 12.0).abs() < 1e-9 && (winter[17 * 4 - 1] - 8.0).abs() < 1e-9);
        let summer = on(&fee(), date(2026, 4, 1), 15).expect("covered");
        assert_eq!(count(&summer, 8.0), 96);
    }

    #[test]
    fn a_clock_change_shortens_or_lengthens_the_window_it_lies_in() {
        let spring = on(&fee(), date(2026, 3, 29), 15).expect("covered");
        assert_eq!((spring.len(), count(&spring, 1.0), count(&spring, 12.0)), (92, 8, 12));
        let autumn = on(&fee(), date(2026, 10, 25), 15).expect("covered");
        assert_eq!((autumn.len(), count(&autumn, 1.0), count(&autumn, 12.0)), (100, 16, 12));
    }

    #[test]
    fn an_hour_across_a_window_edge_pays_the_mean() {
        let mut windows = fee().windows;
        windows[1].minutes.end = 16 * 60 + 30;
        windows[2].minutes.start = 16 * 60 + 30;
        let fee = TimeVariableGridFee::new("stadtwerk", windows).expect("windows within a day");
        let fees = on(&fee, date(2026, 1, 15), 60).expect("covered");
        assert!((fees[15] - 8.0).abs() < 1e-9);
        assert!((fees[16] - 10.0).abs() < 1e-9, "half an hour at 8, half at 12, is {}", fees[16]);
    }

    #[test]
    fn a_gap_and_an_overlap_are_named_with_operator_date_and_time() {
        let mut windows = fee().windows;
        windows.remove(2);
        let gap = TimeVariableGridFee::new("stadtwerk", windows).expect("windows within a day");
        let error = on(&gap, date(2026, 1, 15), 15).expect_err("17:00 to 20:00 is missing").to_string();
        assert!(error.starts_with("grid fee of `stadtwerk` on 2026-01-15: no window at 17:00;"), "{error}");

        let mut windows = fee().windows;
        windows[3].minutes.start = 19 * 60;
        let overlap = TimeVariableGridFee::new("stadtwerk", windows).expect("windows within a day");
        let error = on(&overlap, date(2026, 1, 15), 15).expect_err("19:00 is there twice").to_string();
        assert!(error.contains("two windows at 19:00"), "{error}");
        assert!(on(&overlap, date(2026, 7, 1), 15).is_ok(), "the summer windows are whole");
    }

    #[test]
    fn a_later_price_sheet_replaces_the_earlier_from_its_first_day() {
        let mut windows = fee().windows;
        windows.push(GridFeeWindow { valid_from: date(2027, 1, 1), ..window([true; 4], 0..24, 9.0) });
        let fee = TimeVariableGridFee::new("stadtwerk", windows).expect("windows within a day");
        assert_eq!(count(&on(&fee, date(2026, 12, 31), 15).expect("covered"), 9.0), 0);
        assert_eq!(count(&on(&fee, date(2027, 1, 1), 15).expect("covered"), 9.0), 96);
        assert!(on(&fee, date(2025, 12, 31), 15).is_err(), "no price sheet was valid yet");
    }

    #[test]
    fn a_window_across_midnight_is_refused() {
        let error = TimeVariableGridFee::new("stadtwerk", vec![window([true; 4], 22..25, 1.0)]);
        assert!(error.expect_err("ends at 25:00").to_string().contains("22:00 to 25:00"));
    }
}
