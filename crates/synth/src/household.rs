//! The inflexible load of a household: a base, habits by the time of day, and things switched on.

use chrono::{Datelike, NaiveDate};
use rand_chacha::ChaCha8Rng;

use crate::calendar::is_weekend;
use crate::random::Draw;

/// People in a single-family house with flexible devices and their shares: assumed, with
/// a mean of 2.9 against 2.0 in all German households (Mikrozensus).
const PERSONS: [(usize, f64); 5] = [(1, 0.10), (2, 0.33), (3, 0.22), (4, 0.25), (5, 0.10)];

/// Typical kWh a year of a single-family house without electric hot water by number of people,
/// and a spread between thrifty and lavish: Stromspiegel für Deutschland (co2online).
const ANNUAL_KWH: [f64; 5] = [2400.0, 3000.0, 3500.0, 4000.0, 5000.0];
const ANNUAL_SPREAD: f64 = 0.22;

/// Share of the year's use that flows all the time (cold appliances, standby, network): the nights of measured
/// homes lie at 25 to 35 % of their mean load.
const BASE_SHARE: f64 = 0.30;
/// Share of the rest that comes from things switched on for minutes at high power.
const SWITCHED_SHARE: f64 = 0.45;
/// Mean kW and hours of a thing switched on: kettle, hob, oven, hair dryer, vacuum cleaner.
const SWITCHED_KW: (f64, f64) = (0.7, 2.6);
/// Quarter-hours that it stays on, evenly from the first to the last.
const SWITCHED_QUARTERS: (f64, f64) = (0.5, 2.5);
/// Share of days on which nobody is home.
const AWAY_SHARE: f64 = 0.05;
/// A day at a weekend uses this much more than a working day (BDEW profiles: about 15 %).
const WEEKEND_FACTOR: f64 = 1.15;

/// A bump of activity: hour of its top, width in hours, height.
type Bump = (f64, f64, f64);
/// The activity of a working day: breakfast, lunch, dinner and evening, on a daytime plateau; set so
/// that many homes together look like the BDEW's standard profile.
const WORKDAY: [Bump; 4] = [(7.2, 1.1, 0.45), (12.5, 1.8, 0.35), (19.2, 2.4, 1.6), (14.0, 5.0, 0.5)];
/// The activity of a day at a weekend: a late breakfast and a long lunch.
const WEEKEND: [Bump; 4] = [(9.5, 1.6, 0.3), (12.3, 1.8, 0.6), (18.6, 2.3, 1.2), (14.5, 5.0, 0.8)];

/// Activity that never stops, on the scale of the bumps.
const AT_NIGHT: f64 = 0.2;

/// A household.
#[derive(Debug, Clone)]
pub(crate) struct Household {
    pub(crate) persons: usize,
    /// kWh a year without flexible devices.
    pub(crate) annual_kwh: f64,
    /// Hours by which it rises and dines later than others.
    later_hours: f64,
}

impl Household {
    pub(crate) fn draw(stream: &mut ChaCha8Rng) -> Self {
        let persons = PERSONS[stream.weighted(&PERSONS.map(|(_, share)| share))].0;
        let spread = stream.about(0.0, ANNUAL_SPREAD).exp();
        let later_hours = stream.about(0.0, 0.7);
        Self { persons, annual_kwh: ANNUAL_KWH[persons - 1] * spread, later_hours }
    }

    /// The mean load of every quarter-hour of a day, in kW; `hours` are their local times.
    pub(crate) fn load_kw(&self, stream: &mut ChaCha8Rng, date: NaiveDate, hours: &[f64]) -> Vec<f64> {
        let mean_kw = self.annual_kwh / 8766.0 * season(date);
        let mut load: Vec<f64> =
            hours.iter().map(|_| mean_kw * BASE_SHARE * stream.about(1.0, 0.12)).collect();
        if stream.chance(AWAY_SHARE) {
            return load;
        }
        // Days at home make up for days away, so that the year's sum holds.
        let active_kw = mean_kw * (1.0 - BASE_SHARE) * day_factor(date) / (1.0 - AWAY_SHARE);
        let activity = self.activity(date, hours);
        let mut mood = 0.0;
        for (kw, share) in load.iter_mut().zip(&activity) {
            mood = 0.85 * mood + 0.5267 * stream.standard_normal();
            // The mean of exp(0.4 z) is exp(0.08).
            *kw += active_kw * (1.0 - SWITCHED_SHARE) * share * (0.4 * mood - 0.08).exp();
        }
        let switched_kwh = active_kw * SWITCHED_SHARE * hours.len() as f64 / 4.0;
        switch_on(stream, &mut load, &activity, switched_kwh);
        load
    }

    /// Activity of every quarter-hour, 1 on average over the day.
    fn activity(&self, date: NaiveDate, hours: &[f64]) -> Vec<f64> {
        let bumps = if is_weekend(date) { &WEEKEND } else { &WORKDAY };
        let raw: Vec<f64> = hours
            .iter()
            .map(|hour| {
                bumps.iter().map(|bump| height(*bump, hour - self.later_hours)).sum::<f64>() + AT_NIGHT
            })
            .collect();
        let mean = raw.iter().sum::<f64>() / raw.len() as f64;
        raw.into_iter().map(|value| value / mean).collect()
    }
}

/// Adds things switched on, `kwh` on average, more of them when activity is high.
fn switch_on(stream: &mut ChaCha8Rng, load: &mut [f64], activity: &[f64], kwh: f64) {
    let middle = |(low, high): (f64, f64)| f64::midpoint(low, high);
    let each_kwh = middle(SWITCHED_KW) * middle(SWITCHED_QUARTERS) / 4.0;
    for _ in 0..stream.count(kwh / each_kwh) {
        let first = stream.weighted(activity);
        let power = stream.between(SWITCHED_KW.0, SWITCHED_KW.1);
        let mut left = stream.between(SWITCHED_QUARTERS.0, SWITCHED_QUARTERS.1);
        let mut t = first;
        while left > 0.0 {
            // What runs past midnight counts in the small hours of the same day, so no energy is lost.
            load[t % activity.len()] += power * left.min(1.0);
            left -= 1.0;
            t += 1;
        }
    }
}

/// The height of a bump; days are a circle.
fn height((top, width, height): Bump, hour: f64) -> f64 {
    let apart = (hour - top + 12.0).rem_euclid(24.0) - 12.0;
    height * (-0.5 * (apart / width).powi(2)).exp()
}

/// More light and heat in winter: the BDEW's factor for household profiles, 2025, with 1 as the mean of the year.
fn season(date: NaiveDate) -> f64 {
    let n = f64::from(date.ordinal());
    -3.92e-10 * n.powi(4) + 3.2e-7 * n.powi(3) - 7.02e-5 * n.powi(2) + 2.1e-3 * n + 1.24
}

fn day_factor(date: NaiveDate) -> f64 {
    let workday = 7.0 / (5.0 + 2.0 * WEEKEND_FACTOR);
    if is_weekend(date) { workday * WEEKEND_FACTOR } else { workday }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Streams, Topic};

    #[test]
    fn a_year_of_load_sums_to_the_annual_use_of_the_household() {
        let streams = Streams { seed: 3 };
        let hours: Vec<f64> = (0..96).map(|t| f64::from(t) / 4.0 + 0.125).collect();
        let first = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
        let (mut wanted, mut got) = (0.0, 0.0);
        for home in 0..20 {
            let household = Household::draw(&mut streams.lasting(Topic::Devices, home));
            wanted += household.annual_kwh;
            for date in first.iter_days().take(365) {
                let load = household.load_kw(&mut streams.on(Topic::Household, home, date), date, &hours);
                got += load.iter().sum::<f64>() / 4.0;
            }
        }
        assert!((got / wanted - 1.0).abs() < 0.02, "{got} of {wanted} kWh");
        assert!((2500.0..4500.0).contains(&(wanted / 20.0)), "{wanted}");
    }

    #[test]
    fn evenings_are_higher_than_nights_and_peaks_reach_kilowatts() {
        let streams = Streams { seed: 3 };
        let hours: Vec<f64> = (0..96).map(|t| f64::from(t) / 4.0 + 0.125).collect();
        let date = NaiveDate::from_ymd_opt(2026, 1, 15).unwrap();
        let mut mean = vec![0.0; 96];
        let mut peak = 0.0_f64;
        for home in 0..400 {
            let household = Household::draw(&mut streams.lasting(Topic::Devices, home));
            let load = household.load_kw(&mut streams.on(Topic::Household, home, date), date, &hours);
            peak = load.iter().copied().fold(peak, f64::max);
            mean.iter_mut().zip(&load).for_each(|(sum, kw)| *sum += kw / 400.0);
        }
        let evening = mean[72..84].iter().sum::<f64>() / 12.0;
        let night = mean[8..20].iter().sum::<f64>() / 12.0;
        assert!((2.0..4.5).contains(&(evening / night)), "{evening} kW against {night} kW");
        assert!((3.0..12.0).contains(&peak), "{peak} kW");
    }
}
