//! The time grid of a plan: gap-free intervals in UTC.

use std::ops::{Range, RangeInclusive};

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

use crate::error::InvalidInput;
use crate::units::Hours;

/// Years that a plan may lie in: time zones are known there, and beyond lies nothing but slips and the end of the calendar.
pub const YEARS: RangeInclusive<i32> = 1900..=2200;

/// Gap-free intervals `t = 0..len`, given by their `len + 1` edges in UTC.
///
/// Usually quarter-hours; an hourly grid is as valid, and the first interval may be shorter, for
/// re-planning in the middle of one. A local day has 92, 96 or 100 quarter-hours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Horizon {
    edges: Vec<DateTime<Utc>>,
}

impl Horizon {
    /// A horizon from its edges.
    ///
    /// # Errors
    /// [`InvalidInput`] for fewer than two edges or edges that do not strictly increase.
    pub fn from_edges(edges: Vec<DateTime<Utc>>) -> Result<Self, InvalidInput> {
        if edges.len() < 2 {
            return Err(InvalidInput::new(
                "horizon",
                format!("{} edges", edges.len()),
                "must have at least one interval",
            ));
        }
        if let Some([before, after]) = edges.array_windows().find(|[before, after]| after <= before) {
            return Err(InvalidInput::new(
                "horizon",
                format!("edge {after} after {before}"),
                "must have strictly increasing edges",
            ));
        }
        Ok(Self { edges })
    }

    /// Intervals of equal `minutes` from `start` up to `end`, which must lie a whole number of them later.
    ///
    /// # Errors
    /// [`InvalidInput`] if the span is empty or does not divide into such intervals.
    pub fn between(start: DateTime<Utc>, end: DateTime<Utc>, minutes: u32) -> Result<Self, InvalidInput> {
        let length = Duration::minutes(i64::from(minutes));
        let span = (end - start).num_seconds();
        if minutes == 0 || span <= 0 || span % length.num_seconds() != 0 {
            return Err(InvalidInput::new(
                "horizon",
                format!("{start} to {end} in intervals of {minutes} minutes"),
                "must divide into a whole number of intervals, at least one",
            ));
        }
        let edges = std::iter::successors(Some(start), |edge| Some(*edge + length))
            .take_while(|edge| *edge <= end)
            .collect();
        Self::from_edges(edges)
    }

    /// The local day `date` in `zone`, from midnight to midnight.
    ///
    /// # Errors
    /// [`InvalidInput`] if the day does not divide into such intervals.
    pub fn local_day(date: NaiveDate, zone: Tz, minutes: u32) -> Result<Self, InvalidInput> {
        Self::local_days(date, 1, zone, minutes)
    }

    /// `days` local days in `zone` from midnight before `date`.
    ///
    /// # Errors
    /// [`InvalidInput`] if there is no day, one lies beyond [`YEARS`], or the span does not divide into such intervals.
    pub fn local_days(date: NaiveDate, days: u32, zone: Tz, minutes: u32) -> Result<Self, InvalidInput> {
        let after = date.checked_add_days(chrono::Days::new(u64::from(days)));
        let within = |day: &NaiveDate| YEARS.contains(&day.year());
        let Some(after) = after.filter(|after| within(after) && within(&date)) else {
            let (first, last) = (YEARS.start(), YEARS.end());
            let allowed = format!("must lie in the years from {first} to {last}");
            return Err(InvalidInput::new("date", format!("{days} days from {date}"), allowed));
        };
        let start = local_instant(date.and_time(NaiveTime::MIN), zone);
        let end = local_instant(after.and_time(NaiveTime::MIN), zone);
        Self::between(start, end, minutes)
    }

    /// How many intervals there are.
    pub fn len(&self) -> usize {
        self.edges.len() - 1
    }

    /// Never true: a horizon has at least one interval.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// The interval edges: one more than there are intervals.
    pub fn edges(&self) -> &[DateTime<Utc>] {
        &self.edges
    }

    /// Where interval `t` starts.
    pub fn start_of(&self, t: usize) -> DateTime<Utc> {
        self.edges[t]
    }

    /// The first edge.
    pub fn start(&self) -> DateTime<Utc> {
        self.edges[0]
    }

    /// The last edge.
    pub fn end(&self) -> DateTime<Utc> {
        self.edges[self.len()]
    }

    /// The length of interval `t`.
    pub fn length(&self, t: usize) -> Hours {
        Hours((self.edges[t + 1] - self.edges[t]).as_seconds_f64() / 3600.0)
    }

    /// The length of every interval.
    pub fn lengths(&self) -> impl ExactSizeIterator<Item = Hours> + '_ {
        (0..self.len()).map(|t| self.length(t))
    }

    /// From the first edge to the last.
    pub fn duration(&self) -> Hours {
        Hours((self.end() - self.start()).as_seconds_f64() / 3600.0)
    }

    /// The longest interval, which says the grid's nominal resolution (the first may be cut short).
    pub fn resolution(&self) -> Hours {
        self.lengths().fold(Hours::ZERO, Hours::max)
    }

    /// The interval that contains `instant`, if the horizon does.
    pub fn interval_at(&self, instant: DateTime<Utc>) -> Option<usize> {
        if instant < self.start() || instant >= self.end() {
            return None;
        }
        Some(self.edges.partition_point(|edge| *edge <= instant) - 1)
    }

    /// The intervals that lie wholly within `from..to`, rounding inward; empty if there are none.
    pub fn intervals_within(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Range<usize> {
        let first = self.edges.partition_point(|edge| *edge < from).min(self.len());
        let last = self.edges.partition_point(|edge| *edge <= to).saturating_sub(1);
        first..last.max(first)
    }

    /// The horizon cut into local days of `zone`: each a range of intervals, by where they start.
    pub fn local_day_ranges(&self, zone: Tz) -> Vec<Range<usize>> {
        let mut days: Vec<Range<usize>> = Vec::new();
        let mut previous = None;
        for t in 0..self.len() {
            let date = self.edges[t].with_timezone(&zone).date_naive();
            match days.last_mut() {
                Some(day) if previous == Some(date) => day.end = t + 1,
                _ => days.push(t..t + 1),
            }
            previous = Some(date);
        }
        days
    }

    /// The local time of day at which interval `t` starts in `zone`.
    pub fn local_time(&self, t: usize, zone: Tz) -> NaiveTime {
        self.edges[t].with_timezone(&zone).time()
    }
}

/// The instant that a wall clock in `zone` shows as `local`.
///
/// A time that a clock change repeats means its first pass; one that it skips means the instant at
/// which the clock jumps over it.
pub fn local_instant(local: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    if let Some(instant) = zone.from_local_datetime(&local).earliest() {
        return instant.with_timezone(&Utc);
    }
    // Skipped by the clock: the offset before the jump, applied to the skipped time, lands after
    // it by as much as the time lies past the jump. Walk back to the jump in whole minutes.
    let mut past = 0;
    let mut before = local;
    while zone.from_local_datetime(&before).latest().is_none() && past < 24 * 60 {
        past += 1;
        before -= Duration::minutes(1);
    }
    match zone.from_local_datetime(&before).latest() {
        Some(instant) => instant.with_timezone(&Utc) + Duration::minutes(1),
        None => Utc.from_utc_datetime(&local),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Europe::Berlin;

    fn day(year: i32, month: u32, day: u32) -> Horizon {
        let date = NaiveDate::from_ymd_opt(year, month, day).expect("a real date");
        Horizon::local_day(date, Berlin, 15).expect("divides")
    }

    #[test]
    fn local_days_have_92_96_or_100_quarter_hours() {
        assert_eq!(day(2026, 3, 28).len(), 96);
        assert_eq!(day(2026, 3, 29).len(), 92);
        assert_eq!(day(2025, 10, 26).len(), 100);
    }

    #[test]
    fn a_skipped_local_time_is_the_jump_and_a_repeated_one_its_first_pass() {
        let date = NaiveDate::from_ymd_opt(2026, 3, 29).expect("a real date");
        let skipped = local_instant(date.and_hms_opt(2, 30, 0).expect("a time"), Berlin);
        assert_eq!(skipped, Utc.with_ymd_and_hms(2026, 3, 29, 1, 0, 0).single().expect("one"));
        let date = NaiveDate::from_ymd_opt(2025, 10, 26).expect("a real date");
        let repeated = local_instant(date.and_hms_opt(2, 30, 0).expect("a time"), Berlin);
        assert_eq!(repeated, Utc.with_ymd_and_hms(2025, 10, 26, 0, 30, 0).single().expect("one"));
    }

    #[test]
    fn a_session_covers_only_whole_intervals() {
        let horizon = day(2026, 1, 15);
        let at = |minutes| horizon.start() + Duration::minutes(minutes);
        assert_eq!(horizon.intervals_within(at(7), at(61)), 1..4);
        assert_eq!(horizon.intervals_within(at(16), at(29)), 2..2);
        assert_eq!(horizon.intervals_within(at(-600), at(30)), 0..2);
        assert_eq!(horizon.intervals_within(at(23 * 60 + 45), at(5000)), 95..96);
        assert!(horizon.intervals_within(at(5000), at(6000)).is_empty());
    }

    #[test]
    fn two_local_days_are_cut_at_local_midnight() {
        let date = NaiveDate::from_ymd_opt(2026, 3, 28).expect("a real date");
        let horizon = Horizon::local_days(date, 2, Berlin, 15).expect("divides");
        assert_eq!(horizon.local_day_ranges(Berlin), vec![0..96, 96..188]);
    }

    #[test]
    fn days_at_the_ends_of_the_calendar_are_refused() {
        let first = NaiveDate::from_ymd_opt(2026, 1, 15).expect("a real date");
        for (date, days) in [(NaiveDate::MIN, 1), (NaiveDate::MAX, 1), (first, u32::MAX), (first, 0)] {
            assert!(Horizon::local_days(date, days, Berlin, 15).is_err(), "{days} days from {date}");
        }
    }

    #[test]
    fn an_instant_outside_has_no_interval() {
        let horizon = day(2026, 1, 15);
        assert_eq!(horizon.interval_at(horizon.start()), Some(0));
        assert_eq!(horizon.interval_at(horizon.end()), None);
        assert_eq!(horizon.interval_at(horizon.end() - Duration::seconds(1)), Some(95));
    }
}
