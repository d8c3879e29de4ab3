//! Metered energy: what the meter tells, and which intervals it does not.

use chrono::{DateTime, Utc};

use crate::days::{LocalDays, Resolution};
use crate::decimal::Energy;
use crate::normalise::SeriesError;

/// What kind of meter it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MeterKind {
    /// It tells quarter-hours.
    Smart,
    /// It is read from time to time, and months are estimated.
    Analog,
    /// The provider does not say.
    Unknown,
}

/// How long the intervals of usage are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UsageResolution {
    /// 15 minutes.
    QuarterHour,
    /// 60 minutes.
    Hour,
    /// A local day.
    Day,
    /// A week.
    Week,
    /// A month.
    Month,
}

/// Whether a reading may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UsageStatus {
    /// It will not.
    Final,
    /// It may, until the eighth working day of the next month.
    Preliminary,
}

/// The energy of one interval, positive in both directions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UsageReading {
    /// When the interval begins.
    pub start: DateTime<Utc>,
    /// How much.
    pub energy: Energy,
    /// Whether it may change.
    pub status: UsageStatus,
}

/// What a meter tells of whole local days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageSeries {
    /// What kind of meter it is.
    pub meter: MeterKind,
    /// How long the intervals are.
    pub resolution: UsageResolution,
    /// The days asked for.
    pub days: LocalDays,
    /// What it tells, in order of time, each interval once.
    pub readings: Vec<UsageReading>,
    /// The starts of the intervals that it does not tell, in order; of quarter-hours and hours only, because longer
    /// intervals do not divide the days asked for.
    pub missing: Vec<DateTime<Utc>>,
}

impl UsageResolution {
    /// The resolution that prices can have too.
    pub fn as_prices(self) -> Option<Resolution> {
        match self {
            Self::QuarterHour => Some(Resolution::QuarterHour),
            Self::Hour => Some(Resolution::Hour),
            Self::Day | Self::Week | Self::Month => None,
        }
    }
}

impl UsageSeries {
    /// Puts readings in order, drops repeats and those outside the days, and lists what is missing.
    ///
    /// # Errors
    /// [`SeriesError`] if readings lie between the intervals or contradict each other.
    pub fn new(
        meter: MeterKind,
        resolution: UsageResolution,
        days: LocalDays,
        mut readings: Vec<UsageReading>,
    ) -> Result<Self, SeriesError> {
        let (start, end) = (days.start_utc(), days.end_utc());
        readings.retain(|reading| (start..end).contains(&reading.start));
        readings.sort_by_key(|reading| reading.start);
        readings.dedup();
        if let Some([first, _]) = readings.array_windows().find(|[one, next]| one.start == next.start) {
            return Err(SeriesError::Conflict { start: first.start });
        }
        let mut missing = Vec::new();
        if let Some(step) = resolution.as_prices() {
            let minutes = step.minutes();
            let is_off = |reading: &&UsageReading| {
                (reading.start - start).num_milliseconds() % (minutes * 60_000) != 0
            };
            if let Some(off) = readings.iter().find(is_off) {
                return Err(SeriesError::OffGrid { start: off.start, minutes });
            }
            let mut told = readings.iter().map(|reading| reading.start).peekable();
            let starts = (0..).map(|index| start + step.step() * index).take_while(|at| *at < end);
            missing = starts.filter(|at| told.next_if_eq(at).is_none()).collect();
        }
        Ok(Self { meter, resolution, days, readings, missing })
    }
}
