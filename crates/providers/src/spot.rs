//! What sources of day-ahead prices share: zones, and days of one resolution or the other.

use chrono::{DateTime, Utc};

use crate::days::{LocalDays, Resolution};
use crate::decimal::Price;
use crate::error::{ProviderError, printable};
use crate::normalise::{Meaning, Point, UnpublishedDay, WholeDay, publish, whole_day};
use crate::series::{PriceKind, Publication, Settled, Vat};

/// A bidding zone of the European market, such as `DE-LU`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BiddingZone(String);

impl BiddingZone {
    /// Takes the usual names: `DE-LU`, `AT`, `NO2`, `IT-North`.
    ///
    /// # Errors
    /// [`ProviderError::Setting`] unless it is 2 to 24 letters, digits and hyphens.
    pub fn parse(name: &str) -> Result<Self, ProviderError> {
        let usable = (2..=24).contains(&name.len());
        if usable && name.chars().all(|char| char.is_ascii_alphanumeric() || char == '-') {
            return Ok(Self(name.to_owned()));
        }
        Err(ProviderError::setting(
            "bidding zone",
            &printable(name),
            "must be a name such as DE-LU, AT or NO2",
        ))
    }

    /// Its name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A market price at an instant; none for an empty value.
pub(crate) fn spot_point(start: DateTime<Utc>, eur_per_mwh: Option<f64>) -> Result<Point, ProviderError> {
    let price = eur_per_mwh.map(|number| {
        Price::from_eur_per_mwh(number).ok_or_else(|| {
            ProviderError::unexpected(
                "price",
                number.to_string(),
                "must be a price of at most 1000000 EUR/MWh",
            )
        })
    });
    Ok(Point { start, price: price.transpose()?, parts: None })
}

/// What market prices say about the days. The market went from hours to quarter-hours on 2025-10-01: a day is in hours
/// if all its prices start on the hour, and an hour's price holds for its quarters if other days have such.
pub(crate) fn publish_spot(
    mut points: Vec<Point>,
    days: LocalDays,
    fetched_at: DateTime<Utc>,
) -> Result<Publication, ProviderError> {
    let meaning = Meaning { kind: PriceKind::Spot, vat: Vat::Excluded, settled: Settled::Final, fetched_at };
    points.sort_by_key(|point| point.start);
    let resolutions: Vec<_> =
        days.iter().map(|day| resolution_of(&points, LocalDays::one(day, days.zone()))).collect();
    let finest = resolutions.iter().flatten().min().copied().unwrap_or(Resolution::Hour);
    if resolutions.iter().flatten().all(|one| *one == finest) {
        return Ok(publish(points, days, finest, meaning)?);
    }
    // Each day is judged in its own resolution, so that an hour that is missing stays missing.
    let mut held: WholeDay = Vec::new();
    let mut unpublished: Vec<UnpublishedDay> = Vec::new();
    for (day, resolution) in days.iter().zip(resolutions) {
        let resolution = resolution.unwrap_or(finest);
        match whole_day(&points, day, days, resolution, PriceKind::Spot)? {
            Ok(whole) => held.extend(hold(&whole, resolution)),
            Err(gap) => unpublished.push(UnpublishedDay { day, gap }),
        }
    }
    Ok(match publish(held, days, finest, meaning)? {
        // The reasons are those of the days as they came.
        Publication::NotYetPublished { before, .. } => {
            Publication::NotYetPublished { days: unpublished, before }
        }
        other => other,
    })
}

/// The resolution of a day; none if it has no points.
fn resolution_of(sorted: &[Point], day: LocalDays) -> Option<Resolution> {
    let from = sorted.partition_point(|point| point.start < day.start_utc());
    let to = sorted.partition_point(|point| point.start < day.end_utc());
    let mut points = sorted[from..to].iter().peekable();
    points.peek()?;
    let hourly = points.all(|point| (point.start - day.start_utc()).num_seconds() % 3600 == 0);
    Some(if hourly { Resolution::Hour } else { Resolution::QuarterHour })
}

/// The same prices in quarter-hours.
fn hold(points: &[Point], resolution: Resolution) -> impl Iterator<Item = Point> {
    let quarter = Resolution::QuarterHour;
    let times = i32::try_from(resolution.minutes() / quarter.minutes()).unwrap_or(1);
    points.iter().flat_map(move |point| {
        (0..times).map(move |index| Point { start: point.start + quarter.step() * index, ..*point })
    })
}
