//! Outdoor temperature and irradiance of five regions, from the seed.
//!
//! The weather of a date depends on the seed and the date alone, not on the first day of a fleet.

use chrono::{Days, NaiveDate};

use crate::calendar::{Calendar, monthly};
use crate::random::{Draw, Streams, Topic};
use crate::sun::Sun;

/// A part of the country with one weather.
#[derive(Debug)]
pub(crate) struct Region {
    pub(crate) id: &'static str,
    latitude: f64,
    longitude: f64,
    /// Mean difference from the country's temperature, in K.
    offset_k: f64,
    /// Its share of homes.
    pub(crate) share: f64,
}

/// Rounded positions; offsets from the annual means of the federal states, DWD 1991-2020; shares by population.
pub(crate) const REGIONS: [Region; 5] = [
    Region { id: "north", latitude: 53.5, longitude: 10.0, offset_k: 0.2, share: 0.18 },
    Region { id: "west", latitude: 51.2, longitude: 7.0, offset_k: 1.0, share: 0.32 },
    Region { id: "east", latitude: 52.3, longitude: 13.2, offset_k: 0.4, share: 0.18 },
    Region { id: "south", latitude: 48.5, longitude: 10.5, offset_k: -0.4, share: 0.26 },
    Region { id: "uplands", latitude: 50.6, longitude: 11.0, offset_k: -1.8, share: 0.06 },
];

/// Mean temperature of Germany by month in °C: DWD, normals 1991-2020 (annual mean 9.3 °C).
const MEAN_C: [f64; 12] = [0.9, 1.5, 4.6, 9.0, 13.1, 16.4, 18.3, 18.0, 13.9, 9.4, 4.8, 1.9];

/// Half of the mean difference between afternoon and dawn in K, from DWD station normals.
const HALF_RANGE_K: [f64; 12] = [2.2, 2.6, 3.5, 4.6, 4.8, 4.8, 4.9, 5.0, 4.4, 3.3, 2.3, 2.0];

/// Mean share of the clear-sky irradiation that arrives: Ångström's rule on the sunshine normals
/// of Germany (DWD 1991-2020: 52 h in January to 225 h in July, 1665 h a year).
const CLEARNESS: [f64; 12] = [0.47, 0.51, 0.56, 0.65, 0.65, 0.65, 0.66, 0.66, 0.62, 0.55, 0.46, 0.44];

/// Correlation of a day's temperature anomaly with the day before; central Europe has 0.75 to 0.85.
const TEMPERATURE_MEMORY: f64 = 0.8;
/// Correlation of a day's cloudiness with the day before.
const CLOUD_MEMORY: f64 = 0.35;
/// Days after which an anomaly is forgotten: 0.8^30 is 0.1 %.
const MEMORY_DAYS: u64 = 30;
/// Share of an anomaly that the whole country has in common.
const COMMON: f64 = 0.9;

/// The weather of a region, per quarter-hour.
#[derive(Debug)]
pub(crate) struct Weather {
    pub(crate) outdoor_c: Vec<f64>,
    pub(crate) sun: Vec<Sun>,
    /// Irradiance on the horizontal, in kW/m².
    pub(crate) global: Vec<f64>,
}

impl Weather {
    /// The weather of a region over all days.
    pub(crate) fn of(streams: Streams, region: usize, calendar: &Calendar) -> Self {
        let Region { latitude, longitude, .. } = REGIONS[region];
        let sun: Vec<Sun> =
            calendar.quarters.iter().map(|quarter| Sun::over(quarter.start, latitude, longitude)).collect();
        let (mut outdoor_c, mut global) = (Vec::new(), Vec::new());
        for day in &calendar.days {
            let around = [-1, 0, 1].map(|shift| day_mean_c(streams, region, shifted(day.date, shift)));
            let clearness = day_clearness(streams, region, day.date);
            let range = monthly(&HALF_RANGE_K, day.date) * (0.4 + clearness);
            let mut clouds = streams.on(Topic::Weather, 100 + region as u64, day.date);
            let mut flicker = 0.0;
            for t in day.quarters.clone() {
                let hour = calendar.quarters[t].hour;
                // Warmest at 15 h; the mean moves from noon to noon, so midnight has no jump.
                let swing = range * (std::f64::consts::TAU * (hour - 15.0) / 24.0).cos();
                outdoor_c.push(between_noons(&around, hour) + swing);
                flicker = 0.8 * flicker + 0.6 * clouds.standard_normal();
                // Half-clear days vary most within the day.
                let share = clearness * (1.0 + 1.2 * clearness * (1.0 - clearness) * flicker);
                global.push(sun[t].clear_sky() * share.clamp(0.04, 1.05));
            }
        }
        Self { outdoor_c, sun, global }
    }
}

/// Mean temperature of a date in a region.
pub(crate) fn day_mean_c(streams: Streams, region: usize, date: NaiveDate) -> f64 {
    // Winter anomalies are larger: about 3.9 K against 2.9 K in summer (DWD daily means).
    let deviation = 3.4 + 0.5 * winter(date);
    let anomaly = anomaly(streams, region, date, TEMPERATURE_MEMORY, 0);
    monthly(&MEAN_C, date) + REGIONS[region].offset_k + deviation * anomaly
}

/// Share of a date's clear-sky irradiation that arrives, around the monthly mean.
fn day_clearness(streams: Streams, region: usize, date: NaiveDate) -> f64 {
    let mean = monthly(&CLEARNESS, date);
    let log_odds = (mean / (1.0 - mean)).ln() + 1.3 * anomaly(streams, region, date, CLOUD_MEMORY, 1);
    1.0 / (1.0 + (-log_odds).exp())
}

/// 1 in the middle of January, -1 in the middle of July.
pub(crate) fn winter(date: NaiveDate) -> f64 {
    use chrono::Datelike;
    (std::f64::consts::TAU * (f64::from(date.ordinal()) - 15.0) / 365.25).cos()
}

/// A standard normal value with memory of the days before: an autoregressive sum, cut off.
fn anomaly(streams: Streams, region: usize, date: NaiveDate, memory: f64, which: usize) -> f64 {
    let own = (1.0 - COMMON * COMMON).sqrt();
    let (common, local) = (0, region as u64 + 1);
    let sum: f64 = (0..MEMORY_DAYS)
        .map(|age| {
            let day = date.checked_sub_days(Days::new(age)).unwrap_or(date);
            let shock = COMMON * daily_shock(streams, common, day, which)
                + own * daily_shock(streams, local, day, which);
            memory.powi(i32::try_from(age).unwrap_or(i32::MAX)) * shock
        })
        .sum();
    sum * (1.0 - memory * memory).sqrt()
}

fn daily_shock(streams: Streams, number: u64, date: NaiveDate, which: usize) -> f64 {
    let mut stream = streams.on(Topic::Weather, number, date);
    let shocks = [stream.standard_normal(), stream.standard_normal()];
    shocks[which]
}

fn shifted(date: NaiveDate, days: i64) -> NaiveDate {
    date.checked_add_signed(chrono::Duration::days(days)).unwrap_or(date)
}

fn between_noons(means: &[f64; 3], hour: f64) -> f64 {
    let past_noon = (hour - 12.0) / 24.0;
    let other = if past_noon < 0.0 { means[0] } else { means[2] };
    means[1] + (other - means[1]) * past_noon.abs()
}
