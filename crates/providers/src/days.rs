//! Whole local days as spans in UTC: 92, 96 or 100 quarter-hours.

use chrono::{DateTime, Days, Duration, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

use crate::error::ProviderError;

/// The most days that may be asked for at once.
const MOST_DAYS: i64 = 3_700;

/// How long an interval is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Resolution {
    /// 15 minutes.
    QuarterHour,
    /// 60 minutes.
    Hour,
}

impl Resolution {
    /// The length of an interval.
    pub fn step(self) -> Duration {
        Duration::minutes(self.minutes())
    }

    /// The length of an interval in minutes.
    pub fn minutes(self) -> i64 {
        match self {
            Self::QuarterHour => 15,
            Self::Hour => 60,
        }
    }
}

/// Consecutive local days, the first and the last included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LocalDays {
    first: NaiveDate,
    last: NaiveDate,
    zone: Tz,
}

impl LocalDays {
    /// The days from `first` to `last`, both included, by the wall clock of `zone`.
    ///
    /// # Errors
    /// [`ProviderError::Setting`] if the last is before the first, or more than ten years after it.
    pub fn new(first: NaiveDate, last: NaiveDate, zone: Tz) -> Result<Self, ProviderError> {
        let days = (last - first).num_days();
        if !(0..MOST_DAYS).contains(&days) {
            return Err(ProviderError::setting(
                "days",
                &format!("{first} to {last}"),
                "must end on or after their start, within ten years",
            ));
        }
        Ok(Self { first, last, zone })
    }

    /// One day.
    pub fn one(day: NaiveDate, zone: Tz) -> Self {
        Self { first: day, last: day, zone }
    }

    /// The day after the one that it is at `now`: what is published in the afternoon.
    pub fn tomorrow(now: DateTime<Utc>, zone: Tz) -> Self {
        Self::one(now.with_timezone(&zone).date_naive() + Days::new(1), zone)
    }

    /// The first day.
    pub fn first(&self) -> NaiveDate {
        self.first
    }

    /// The last day, which is included.
    pub fn last(&self) -> NaiveDate {
        self.last
    }

    /// Whose wall clock divides them.
    pub fn zone(&self) -> Tz {
        self.zone
    }

    /// The days in order.
    pub fn iter(&self) -> impl Iterator<Item = NaiveDate> + use<> {
        let last = self.last;
        self.first.iter_days().take_while(move |day| *day <= last)
    }

    /// When the first day begins.
    pub fn start_utc(&self) -> DateTime<Utc> {
        midnight(self.first, self.zone)
    }

    /// When the last day ends.
    pub fn end_utc(&self) -> DateTime<Utc> {
        midnight(self.last + Days::new(1), self.zone)
    }

    /// How many intervals they have, on change days as the clock has it.
    pub fn intervals(&self, resolution: Resolution) -> usize {
        let minutes = (self.end_utc() - self.start_utc()).num_minutes();
        usize::try_from(minutes / resolution.minutes()).unwrap_or(0)
    }
}

/// When a local day begins: the first instant of it that there is.
pub(crate) fn midnight(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let local = day.and_time(NaiveTime::MIN);
    // Some zones skip midnight on a change day; then the day begins with the jump, at most three hours on.
    let mut candidates = (0..=12).map(|quarters| local + Duration::minutes(15 * quarters));
    let first = candidates.find_map(|wall| zone.from_local_datetime(&wall).earliest());
    first.map_or_else(|| local.and_utc(), |instant| instant.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::America::Santiago;
    use chrono_tz::Europe::Berlin;

    fn day(text: &str) -> LocalDays {
        LocalDays::one(text.parse().unwrap(), Berlin)
    }

    #[test]
    fn change_days_have_an_hour_less_or_more() {
        for (date, start, end, quarters) in [
            ("2026-06-01", "2026-05-31T22:00:00Z", "2026-06-01T22:00:00Z", 96),
            ("2026-03-29", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", 92),
            ("2026-10-25", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", 100),
        ] {
            let one = day(date);
            assert_eq!(one.start_utc(), start.parse::<DateTime<Utc>>().unwrap());
            assert_eq!(one.end_utc(), end.parse::<DateTime<Utc>>().unwrap());
            assert_eq!(one.intervals(Resolution::QuarterHour), quarters);
            assert_eq!(one.intervals(Resolution::Hour), quarters / 4);
        }
    }

    #[test]
    fn tomorrow_is_that_of_the_wall_clock_and_not_of_utc() {
        // 00:30 in Berlin on the 2nd, and still the 1st in UTC.
        let now = "2026-06-01T22:30:00Z".parse().unwrap();
        assert_eq!(LocalDays::tomorrow(now, Berlin).first(), "2026-06-03".parse().unwrap());
    }

    #[test]
    fn a_day_without_midnight_begins_with_the_jump() {
        let one = LocalDays::one("2026-09-06".parse().unwrap(), Santiago);
        assert_eq!(one.start_utc(), "2026-09-06T04:00:00Z".parse::<DateTime<Utc>>().unwrap());
        assert_eq!(one.intervals(Resolution::Hour), 23);
    }

    #[test]
    fn days_out_of_order_are_refused() {
        let (first, last) = ("2026-06-02".parse().unwrap(), "2026-06-01".parse().unwrap());
        assert!(LocalDays::new(first, last, Berlin).is_err());
    }
}
