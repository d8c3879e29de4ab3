//! Local days and times of day of a span: which past intervals are like a future one.

use std::ops::Range;

use chrono::{Datelike, NaiveDate, Timelike, Weekday};
use chrono_tz::Tz;
use offpeak_domain::Horizon;

/// The local days of a horizon, and every interval's place in its day.
#[derive(Debug, Clone)]
pub(crate) struct Calendar {
    days: Vec<Day>,
    day_of: Vec<usize>,
    minute_of: Vec<u32>,
    minutes: u32,
}

/// A local day of a span.
#[derive(Debug, Clone)]
pub(crate) struct Day {
    pub(crate) date: NaiveDate,
    pub(crate) intervals: Range<usize>,
    pub(crate) is_weekend: bool,
}

impl Calendar {
    /// The calendar of `horizon`, whose intervals all have the same length, for a wall clock in `zone`.
    pub(crate) fn new(horizon: &Horizon, zone: Tz) -> Self {
        let ranges = horizon.local_day_ranges(zone);
        let mut day_of = vec![0; horizon.len()];
        for (index, range) in ranges.iter().enumerate() {
            day_of[range.clone()].fill(index);
        }
        let minute = |t| {
            let time = horizon.local_time(t, zone);
            time.hour() * 60 + time.minute()
        };
        let day = |intervals: Range<usize>| {
            let date = horizon.start_of(intervals.start).with_timezone(&zone).date_naive();
            Day { date, intervals, is_weekend: matches!(date.weekday(), Weekday::Sat | Weekday::Sun) }
        };
        Self {
            days: ranges.into_iter().map(day).collect(),
            day_of,
            minute_of: (0..horizon.len()).map(minute).collect(),
            minutes: whole_minutes(horizon),
        }
    }

    /// The days, in order.
    pub(crate) fn days(&self) -> &[Day] {
        &self.days
    }

    /// The day of interval `t`.
    pub(crate) fn day_of(&self, t: usize) -> usize {
        self.day_of[t]
    }

    /// How many intervals a day without a clock change has.
    pub(crate) fn per_day(&self) -> usize {
        (24 * 60 / self.minutes) as usize
    }

    /// The interval of `day` at the local time of `t`: the first where a clock change repeats it, none where it skips it.
    pub(crate) fn same_time(&self, day: usize, t: usize) -> Option<usize> {
        let minute = self.minute_of[t];
        let range = &self.days[day].intervals;
        let first = self.minute_of[range.start];
        let guess = range.start + (minute.checked_sub(first)? / self.minutes) as usize;
        let hit = |candidate: &usize| range.contains(candidate) && self.minute_of[*candidate] == minute;
        Some(guess).filter(hit).or_else(|| range.clone().find(hit))
    }

    /// Intervals before `limit` at the local time of `t`, on the days `step`, `2 step`, ... days earlier, latest first.
    pub(crate) fn earlier(&self, t: usize, step: usize, limit: usize) -> impl Iterator<Item = usize> + '_ {
        let day = self.day_of[t];
        (1..=day / step)
            .filter_map(move |back| self.same_time(day - back * step, t))
            .filter(move |t| *t < limit)
    }

    /// As [`earlier`](Self::earlier), day by day, but only on days of the same kind: working days, or weekends.
    pub(crate) fn earlier_of_kind(&self, t: usize, limit: usize) -> impl Iterator<Item = usize> + '_ {
        let is_weekend = self.days[self.day_of[t]].is_weekend;
        self.earlier(t, 1, limit).filter(move |past| self.days[self.day_of[*past]].is_weekend == is_weekend)
    }
}

/// The length of the intervals in minutes.
fn whole_minutes(horizon: &Horizon) -> u32 {
    let minutes = (horizon.edges()[1] - horizon.edges()[0]).num_minutes();
    u32::try_from(minutes).unwrap_or(1).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Europe::Berlin;

    fn calendar(month: u32, day: u32, days: u32) -> Calendar {
        let date = NaiveDate::from_ymd_opt(2026, month, day).expect("a date");
        Calendar::new(&Horizon::local_days(date, days, Berlin, 15).expect("divides"), Berlin)
    }

    #[test]
    fn the_same_time_is_found_across_a_clock_change() {
        let spring = calendar(3, 28, 3);
        let noon_after = 96 + 92 + 48;
        assert_eq!(spring.same_time(1, noon_after), Some(96 + 44));
        assert_eq!(spring.same_time(0, noon_after), Some(48));
        let skipped = 96 + 92 + 9;
        assert_eq!(spring.same_time(1, skipped), None, "02:15 does not exist on the day of the change");
        let autumn = calendar(10, 24, 3);
        assert_eq!(autumn.same_time(1, 9), Some(96 + 9), "the first pass of a repeated time");
        assert_eq!(autumn.same_time(1, 48), Some(96 + 52));
    }

    #[test]
    fn earlier_intervals_are_known_ones_latest_first() {
        let days = calendar(1, 5, 15);
        let monday_noon = 14 * 96 + 48;
        assert_eq!(days.earlier(monday_noon, 7, usize::MAX).collect::<Vec<_>>(), [7 * 96 + 48, 48]);
        let yesterday = days.earlier(monday_noon, 1, 13 * 96 + 40).next();
        assert_eq!(yesterday, Some(12 * 96 + 48), "at 10:00 the noon of that day is not known yet");
        let kind: Vec<usize> = days.earlier_of_kind(monday_noon, usize::MAX).take(2).collect();
        assert_eq!(kind, [11 * 96 + 48, 10 * 96 + 48], "the Friday and the Thursday before");
    }
}
