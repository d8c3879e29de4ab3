//! What time a replay covers.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use offpeak_domain::{Horizon, InvalidInput, local_instant};

/// What time a replay covers, in whole local days of each home.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReplayWindow {
    /// The first day that is replayed.
    pub first: NaiveDate,
    /// The last day that is replayed.
    pub last: NaiveDate,
    /// How many days before it the series hold, from which forecasts are made: at least 1.
    pub history_days: u32,
    /// How many days after it the series hold, over which the last plans look.
    pub days_after: u32,
    /// Length of an interval in minutes: 15, or another divisor of 60.
    pub interval_minutes: u32,
}

/// Most days of a replay with what is before and after it: ten years. A longer one is a slip in a date.
const MOST_DAYS: i64 = 3660;

impl ReplayWindow {
    /// The horizon of a home in `zone`, with history and what comes after.
    ///
    /// # Errors
    /// [`InvalidInput`] if the replay is empty or too long, has no history, or does not divide into such intervals.
    pub fn horizon(&self, zone: Tz) -> Result<Horizon, InvalidInput> {
        if self.interval_minutes == 0 || 60 % self.interval_minutes != 0 {
            let found = format!("{} minutes", self.interval_minutes);
            return Err(InvalidInput::new("interval", found, "must be 15, or another divisor of 60"));
        }
        if self.last < self.first {
            let found = format!("{} to {}", self.first, self.last);
            return Err(InvalidInput::new("replay", found, "must not end before it begins"));
        }
        if self.history_days == 0 {
            let allowed = "must be at least 1 day, from which forecasts are made; a week is better";
            return Err(InvalidInput::new("history", "0 days", allowed));
        }
        let days = (self.last - self.first).num_days() + 1;
        let days = days + i64::from(self.history_days) + i64::from(self.days_after);
        let start = self.first.checked_sub_days(Days::new(u64::from(self.history_days)));
        let (Some(start), true) = (start, days <= MOST_DAYS) else {
            let allowed = format!("must have at most {MOST_DAYS} with history, ten years");
            return Err(InvalidInput::new("replay", format!("{days} days"), allowed));
        };
        Horizon::local_days(start, u32::try_from(days).unwrap_or(1), zone, self.interval_minutes)
    }

    /// From when to when a home in `zone` is replayed.
    pub fn replayed(&self, zone: Tz) -> (DateTime<Utc>, DateTime<Utc>) {
        let midnight = |day: NaiveDate| local_instant(day.and_time(NaiveTime::MIN), zone);
        (midnight(self.first), midnight(self.last.succ_opt().unwrap_or(self.last)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Europe::Berlin;

    fn window(first: (i32, u32, u32), last: (i32, u32, u32)) -> ReplayWindow {
        let date = |(year, month, day)| NaiveDate::from_ymd_opt(year, month, day).expect("a date");
        let (first, last) = (date(first), date(last));
        ReplayWindow { first, last, history_days: 7, days_after: 1, interval_minutes: 15 }
    }

    #[test]
    fn a_replay_over_a_clock_change_has_its_history_and_a_day_more() {
        let window = window((2026, 3, 28), (2026, 3, 30));
        let horizon = window.horizon(Berlin).expect("possible");
        assert_eq!(horizon.len(), 11 * 96 - 4);
        let (from, to) = window.replayed(Berlin);
        assert_eq!((to - from).num_minutes(), (3 * 96 - 4) * 15);
        assert!(horizon.edges().binary_search(&from).is_ok_and(|t| t == 7 * 96));
    }

    #[test]
    fn what_cannot_be_replayed_is_refused() {
        let good = window((2026, 3, 28), (2026, 3, 30));
        for bad in [
            window((2026, 3, 28), (2026, 3, 27)),
            window((2026, 3, 28), (2096, 3, 27)),
            ReplayWindow { history_days: 0, ..good },
            ReplayWindow { days_after: u32::MAX, ..good },
            ReplayWindow { interval_minutes: 7, ..good },
            ReplayWindow { first: NaiveDate::MIN, ..good },
        ] {
            assert!(bad.horizon(Berlin).is_err(), "{bad:?}");
        }
    }
}
