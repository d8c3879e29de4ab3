//! Day-ahead prices from demand, wind and sun.

use chrono::NaiveDate;

use crate::calendar::{Calendar, is_weekend};
use crate::random::{Draw, Streams, Topic, rounded};
use crate::weather::{Weather, winter};

/// Wind power on land and at sea in GW: about 68 + 9 at the end of 2025 (Bundesnetzagentur).
const WIND_GW: f64 = 77.0;
/// Photovoltaic output in GW per kW/m² of irradiance on the horizontal: 117 GW were installed at the end of
/// 2025 (Bundesnetzagentur), tilted to all sides and partly used behind the meter.
const SOLAR_GW: f64 = 67.0;

/// Price in EUR/MWh over residual load in GW, in between linear. Shaped after a merit order: wind
/// and must-run plants below 5 GW, lignite and gas from 60 to 130 EUR, scarce peakers above.
const MERIT_ORDER: [(f64, f64); 12] = [
    (-40.0, -160.0),
    (-25.0, -30.0),
    (-12.0, -7.0),
    (-4.0, -1.0),
    (3.0, 1.0),
    (10.0, 38.0),
    (20.0, 84.0),
    (30.0, 102.0),
    (40.0, 124.0),
    (50.0, 160.0),
    (58.0, 225.0),
    (68.0, 430.0),
];

/// Demand in GW by local hour on a working day, from 0 h, in steps of two hours; ENTSO-E's load of
/// Germany lies from 43 to 70 GW.
const WORKDAY_GW: [f64; 12] = [46.0, 44.0, 46.0, 54.0, 62.0, 63.0, 62.0, 60.0, 61.0, 67.0, 61.0, 52.0];
/// The same at a weekend.
const WEEKEND_GW: [f64; 12] = [43.0, 41.0, 41.0, 43.0, 48.0, 52.0, 52.0, 50.0, 52.0, 59.0, 56.0, 48.0];

/// Day-ahead prices of all quarter-hours, in EUR/MWh, from the weather of all regions.
pub(crate) fn day_ahead(streams: Streams, weather: &[Weather], calendar: &Calendar) -> Vec<f64> {
    let residual: Vec<f64> = (0..calendar.quarters.len())
        .map(|t| {
            let quarter = &calendar.quarters[t];
            let sun = weather.iter().map(|region| region.global[t]).sum::<f64>() / weather.len() as f64;
            demand(quarter.date, quarter.of_day) - wind(streams, quarter.date, quarter.hour) - SOLAR_GW * sun
        })
        .collect();
    let mut prices = Vec::with_capacity(residual.len());
    for day in &calendar.days {
        let mut noise = streams.on(Topic::Market, 1, day.date);
        let mut wander = 0.0;
        for t in day.quarters.clone() {
            wander = 0.9 * wander + 1.6 * noise.standard_normal();
            let price = price_at(residual[t]) + sawtooth(&residual, t) + wander;
            prices.push(rounded(price.clamp(-500.0, 4000.0), 2));
        }
    }
    prices
}

fn demand(date: NaiveDate, quarter_of_day: usize) -> f64 {
    let day = if is_weekend(date) { &WEEKEND_GW } else { &WORKDAY_GW };
    let (step, past) = (quarter_of_day / 8, (quarter_of_day % 8) as f64 / 8.0);
    let (before, after) = (day[step], day[(step + 1) % day.len()]);
    before + (after - before) * past + 3.5 * winter(date)
}

/// Wind in GW: calm and stormy days, moving from noon to noon.
fn wind(streams: Streams, date: NaiveDate, hour: f64) -> f64 {
    let past_noon = (hour - 12.0) / 24.0;
    let other = if past_noon < 0.0 { date.pred_opt() } else { date.succ_opt() };
    let (here, there) = (windiness(streams, date), windiness(streams, other.unwrap_or(date)));
    let log_odds = -1.35 + 0.3 * winter(date) + 0.8 * (here + (there - here) * past_noon.abs());
    WIND_GW / (1.0 + (-log_odds).exp())
}

fn windiness(streams: Streams, date: NaiveDate) -> f64 {
    // Three days of memory: a weather front passes in two to four.
    let weights = [0.8, 0.5, 0.33];
    std::iter::successors(Some(date), NaiveDate::pred_opt)
        .zip(weights)
        .map(|(day, weight)| weight * streams.on(Topic::Market, 0, day).standard_normal())
        .sum()
}

fn price_at(residual: f64) -> f64 {
    let above = MERIT_ORDER.partition_point(|(load, _)| *load < residual).clamp(1, MERIT_ORDER.len() - 1);
    let ((low, cheap), (high, dear)) = (MERIT_ORDER[above - 1], MERIT_ORDER[above]);
    cheap + (dear - cheap) * (residual - low) / (high - low)
}

/// Within an hour, quarter-hours with more residual load than the hour's mean cost more, because
/// plants that run for whole hours can't follow: up to about 15 EUR/MWh at the steepest ramps.
fn sawtooth(residual: &[f64], t: usize) -> f64 {
    let hour = t - t % 4;
    let quarters = &residual[hour..(hour + 4).min(residual.len())];
    let mean = quarters.iter().sum::<f64>() / quarters.len() as f64;
    15.0 * ((residual[t] - mean) / 4.0).tanh()
}
