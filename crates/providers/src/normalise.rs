//! From points as they come to days without gaps: sorted, single, complete, or named as missing.

use std::fmt;

use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use thiserror::Error;

use crate::days::{LocalDays, Resolution, midnight};
use crate::decimal::Price;
use crate::series::{Components, PriceKind, PriceSeries, Publication, Settled, Vat};

/// Why values make no series: a mistake that waiting does not mend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SeriesError {
    /// A start between two intervals.
    #[error("a price starts at {start}; must start a whole number of {minutes} minutes after the day's begin", start = stamp(.start))]
    OffGrid {
        /// The start.
        start: DateTime<Utc>,
        /// The length of an interval.
        minutes: i64,
    },
    /// Two values for one interval.
    #[error("two different values for the interval at {start}; must be one", start = stamp(.start))]
    Conflict {
        /// The start of the interval.
        start: DateTime<Utc>,
    },
}

/// A day that is not whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnpublishedDay {
    /// The day, by the local calendar.
    pub day: NaiveDate,
    /// What is wrong with it.
    pub gap: Gap,
}

/// Why a day is not whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    /// Nothing about it.
    Absent,
    /// No value for this interval, the first of them.
    Missing(DateTime<Utc>),
    /// An empty value for this interval, the first of them.
    Null(DateTime<Utc>),
    /// Zeros that stand for prices to come, the first of them here.
    Zeros(DateTime<Utc>),
}

impl fmt::Display for Gap {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => write!(out, "no prices"),
            Self::Missing(start) => write!(out, "no price at {}", stamp(start)),
            Self::Null(start) => write!(out, "an empty price at {}", stamp(start)),
            Self::Zeros(start) => write!(out, "zeros in place of prices from {}", stamp(start)),
        }
    }
}

/// A value as a provider sends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Point {
    pub(crate) start: DateTime<Utc>,
    /// None for an empty value.
    pub(crate) price: Option<Price>,
    /// Electricity, grid and levies, where all are told.
    pub(crate) parts: Option<[Price; 3]>,
}

/// What is known of a series besides its points.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Meaning {
    pub(crate) kind: PriceKind,
    pub(crate) vat: Vat,
    pub(crate) settled: Settled,
    pub(crate) fetched_at: DateTime<Utc>,
}

/// The points of one day, in order and complete.
pub(crate) type WholeDay = Vec<Point>;

/// What the points say about the days, in any order, with repeats and with others among them.
///
/// # Errors
/// [`SeriesError`] if points lie between the intervals or contradict each other.
pub(crate) fn publish(
    mut points: Vec<Point>,
    days: LocalDays,
    resolution: Resolution,
    meaning: Meaning,
) -> Result<Publication, SeriesError> {
    points.sort_by_key(|point| point.start);
    let mut whole = Vec::with_capacity(days.intervals(resolution));
    let mut unpublished = Vec::new();
    let mut last_before = None;
    for day in days.iter() {
        match whole_day(&points, day, days, resolution, meaning.kind)? {
            Err(gap) => unpublished.push(UnpublishedDay { day, gap }),
            Ok(points) if unpublished.is_empty() => {
                whole.extend(points);
                last_before = Some(day);
            }
            // A day after a missing one is asked for again with it.
            Ok(_) => {}
        }
    }
    let series = last_before.and_then(|last| LocalDays::new(days.first(), last, days.zone()).ok());
    let series = series.map(|days| series_of(&whole, days, resolution, meaning));
    Ok(match series {
        Some(series) if unpublished.is_empty() => Publication::Complete(series),
        before => Publication::NotYetPublished { days: unpublished, before },
    })
}

/// Those of one day among points in order of time, or why it is not whole.
pub(crate) fn whole_day(
    points: &[Point],
    day: NaiveDate,
    days: LocalDays,
    resolution: Resolution,
    kind: PriceKind,
) -> Result<Result<WholeDay, Gap>, SeriesError> {
    let (start, end) = (midnight(day, days.zone()), midnight(day + Days::new(1), days.zone()));
    let slots = slots(points, start, end, resolution)?;
    if slots.iter().all(Option::is_none) {
        return Ok(Err(Gap::Absent));
    }
    let at = |index: usize| start + resolution.step() * i32::try_from(index).unwrap_or(i32::MAX);
    if let Some(first) = slots.iter().position(Option::is_none) {
        return Ok(Err(Gap::Missing(at(first))));
    }
    let points: WholeDay = slots.into_iter().flatten().collect();
    if let Some(first) = points.iter().position(|point| point.price.is_none()) {
        return Ok(Err(Gap::Null(at(first))));
    }
    Ok(match first_placeholder(&points, kind) {
        Some(first) => Err(Gap::Zeros(at(first))),
        None => Ok(points),
    })
}

/// Those within a day among points in order of time, each at its place.
fn slots(
    points: &[Point],
    start: DateTime<Utc>,
    end: DateTime<Utc>,
    resolution: Resolution,
) -> Result<Vec<Option<Point>>, SeriesError> {
    let step = resolution.step().num_seconds();
    let count = usize::try_from((end - start).num_seconds() / step).unwrap_or(0);
    let mut slots = vec![None; count];
    let from = points.partition_point(|point| point.start < start);
    let to = points.partition_point(|point| point.start < end);
    for point in &points[from..to] {
        let after = point.start - start;
        let aligned = after.num_seconds() % step == 0 && after == Duration::seconds(after.num_seconds());
        let place = usize::try_from(after.num_seconds() / step).ok().filter(|_| aligned);
        let Some(slot) = place.and_then(|place| slots.get_mut(place)) else {
            return Err(SeriesError::OffGrid { start: point.start, minutes: resolution.minutes() });
        };
        match slot {
            Some(other) if *other != *point => return Err(SeriesError::Conflict { start: point.start }),
            _ => *slot = Some(*point),
        }
    }
    Ok(slots)
}

/// The first zero that stands for a price to come.
///
/// An all-in price holds fees and levies, so a zero is one only if its parts say how it comes about. Markets do clear at
/// exactly zero, in Germany for eight hours in a row in 2024 and in 2026: there, and in the electricity part of an all-in
/// price, only zeros over half a day and more are none.
fn first_placeholder(points: &[Point], kind: PriceKind) -> Option<usize> {
    let is_zero = |price: Price| price == Price(0);
    let unexplained = |point: &Point| {
        point.price.is_some_and(is_zero) && point.parts.is_none_or(|parts| parts.into_iter().all(is_zero))
    };
    if kind == PriceKind::AllIn {
        let electricity = |point: &Point| point.parts.is_some_and(|[electricity, ..]| is_zero(electricity));
        return points.iter().position(unexplained).or_else(|| many(points, electricity));
    }
    many(points, |point| point.price.is_some_and(is_zero))
}

/// The first point that is so, if half of them are.
fn many(points: &[Point], is_so: impl Fn(&Point) -> bool) -> Option<usize> {
    let first = points.iter().position(&is_so)?;
    (2 * points.iter().filter(|point| is_so(point)).count() >= points.len()).then_some(first)
}

fn series_of(points: &[Point], days: LocalDays, resolution: Resolution, meaning: Meaning) -> PriceSeries {
    let Meaning { kind, vat, settled, fetched_at } = meaning;
    let prices = points.iter().filter_map(|point| point.price).collect();
    PriceSeries { kind, vat, resolution, days, prices, components: components(points), settled, fetched_at }
}

/// The parts, if every point has them and they add up, to the rounding of three numbers.
fn components(points: &[Point]) -> Option<Components> {
    const ROUNDING: i64 = 2_000;
    let mut each = Components { electricity: Vec::new(), grid: Vec::new(), levies: Vec::new() };
    for point in points {
        let ([electricity, grid, levies], price) = (point.parts?, point.price?);
        if (electricity.0 + grid.0 + levies.0 - price.0).abs() > ROUNDING {
            return None;
        }
        each.electricity.push(electricity);
        each.grid.push(grid);
        each.levies.push(levies);
    }
    Some(each)
}

/// An instant as it stands in messages.
fn stamp(instant: &DateTime<Utc>) -> String {
    instant.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}
