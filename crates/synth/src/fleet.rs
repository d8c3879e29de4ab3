//! Writes a fleet, home by home.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};
use offpeak_domain::{InvalidInput, local_instant};
use offpeak_tables::{FleetWriter, Format, TableError};
use thiserror::Error;

use crate::calendar::{Calendar, averaged};
use crate::ev::{self, Car};
use crate::home::SynthHome;
use crate::options::{SynthOptions, ZONE};
use crate::random::{Draw, Streams, Topic, rounded};
use crate::weather::{REGIONS, Weather, day_mean_c};
use crate::{appliances, hot_water, market, tariffs, trips};

/// Share of homes and days on which the grid operator dims; far more than any operator does, so that
/// fleets of some hundred homes have some.
const DIMMED_SHARE: f64 = 0.02;

/// Why a fleet could not be made.
#[derive(Debug, Error)]
pub enum SynthError {
    /// The options ask for an impossible fleet.
    #[error(transparent)]
    Options(#[from] InvalidInput),
    /// A table could not be written.
    #[error(transparent)]
    Table(#[from] TableError),
}

/// What a fleet was made of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FleetSummary {
    /// Homes.
    pub homes: usize,
    /// Homes with a photovoltaic roof.
    pub roofs: usize,
    /// Batteries.
    pub batteries: usize,
    /// Electric vehicles.
    pub evs: usize,
    /// Heat pumps.
    pub heat_pumps: usize,
    /// Intervals of every series.
    pub intervals: usize,
}

/// What all homes share.
struct Surroundings {
    streams: Streams,
    calendar: Calendar,
    /// Quarter-hours in an interval.
    group: usize,
    weather: Vec<Weather>,
    /// Mean outdoor temperature of the days around, by region.
    day_means: Vec<BTreeMap<NaiveDate, f64>>,
}

/// Writes a random German fleet to `folder`, as tables that `offpeak_tables::Fleet` reads.
///
/// The same options give the same bytes, and home `i` depends on the seed, the mix and the days
/// alone: a larger fleet begins with the smaller one. Memory does not grow with the fleet.
///
/// # Errors
/// [`SynthError`] if the options are impossible, or the folder holds tables or cannot be written.
pub fn generate(options: &SynthOptions, folder: &Path, format: Format) -> Result<FleetSummary, SynthError> {
    let surroundings = Surroundings::new(options)?;
    let mut writer = FleetWriter::create(folder, format)?;
    if !options.tariff_per_home {
        surroundings.write_prices(&mut writer, options.date)?;
    }
    surroundings.write_outdoor(&mut writer)?;
    let intervals = surroundings.calendar.quarters.len() / surroundings.group;
    let mut summary = FleetSummary { intervals, ..FleetSummary::default() };
    for index in 0..options.homes {
        let mut home = SynthHome::draw(surroundings.streams, index, options.mix);
        if options.tariff_per_home {
            home.tariff_id.clone_from(&home.id);
        }
        surroundings.write_home(&mut writer, &home)?;
        summary.count(&home);
    }
    writer.finish()?;
    Ok(summary)
}

impl FleetSummary {
    fn count(&mut self, home: &SynthHome) {
        self.homes += 1;
        self.roofs += usize::from(home.roof.is_some());
        self.batteries += usize::from(home.battery.is_some());
        self.evs += home.cars.len();
        self.heat_pumps += usize::from(home.pump.is_some());
    }
}

impl Surroundings {
    fn new(options: &SynthOptions) -> Result<Self, InvalidInput> {
        let calendar = Calendar::new(&options.quarter_hours()?);
        let streams = Streams { seed: options.seed };
        let weather = (0..REGIONS.len()).map(|region| Weather::of(streams, region, &calendar)).collect();
        let (first, last) = (options.date, calendar.days[calendar.days.len() - 1].date);
        let day_means = (0..REGIONS.len())
            .map(|region| {
                ev::days_around(first, last).map(|date| (date, day_mean_c(streams, region, date))).collect()
            })
            .collect();
        Ok(Self { streams, calendar, group: options.quarters_per_interval(), weather, day_means })
    }

    /// The starts of all intervals.
    fn starts(&self) -> impl Iterator<Item = DateTime<Utc>> + '_ {
        self.calendar.quarters.iter().step_by(self.group).map(|quarter| quarter.start)
    }

    fn write_prices(&self, writer: &mut FleetWriter, date: NaiveDate) -> Result<(), TableError> {
        tariffs::write(writer, date)?;
        let prices = market::day_ahead(self.streams, &self.weather, &self.calendar);
        for (start, price) in self.starts().zip(averaged(&prices, self.group)) {
            let row = [
                ("price_id", tariffs::PRICE_ID.into()),
                ("start_utc", start.into()),
                ("eur_per_mwh", rounded(price, 2).into()),
            ];
            writer.write("prices", &row)?;
        }
        Ok(())
    }

    fn write_outdoor(&self, writer: &mut FleetWriter) -> Result<(), TableError> {
        for (region, weather) in REGIONS.iter().zip(&self.weather) {
            for (start, outdoor_c) in self.starts().zip(averaged(&weather.outdoor_c, self.group)) {
                let row = [
                    ("outdoor_id", region.id.into()),
                    ("start_utc", start.into()),
                    ("outdoor_c", rounded(outdoor_c, 2).into()),
                ];
                writer.write("outdoor", &row)?;
            }
        }
        Ok(())
    }

    fn write_home(&self, writer: &mut FleetWriter, home: &SynthHome) -> Result<(), TableError> {
        writer.write("homes", &home.row())?;
        if let Some(battery) = &home.battery {
            writer.write("batteries", &battery.row(&home.id))?;
        }
        for (index, car) in home.cars.iter().enumerate() {
            self.write_car(writer, home, car, index as u64)?;
        }
        if let Some(pump) = &home.pump {
            let first_day = self.calendar.days[0].date;
            let mean = self.day_mean_c(home.region, first_day);
            writer.write("heat_pumps", &pump.row(&home.id, mean))?;
        }
        for (index, day) in self.calendar.days.iter().enumerate() {
            let mut stream = self.streams.on(Topic::Appliances, home.number, day.date);
            for run in appliances::runs(&mut stream, &home.appliances, day.date, index + 1) {
                writer.write("appliances", &run.row(&home.id))?;
            }
            self.write_dimming(writer, home, day.date)?;
        }
        self.write_series(writer, home)
    }

    fn write_car(
        &self,
        writer: &mut FleetWriter,
        home: &SynthHome,
        car: &Car,
        index: u64,
    ) -> Result<(), TableError> {
        let number = 2 * home.number + index;
        let (first, last) =
            (self.calendar.days[0].date, self.calendar.days[self.calendar.days.len() - 1].date);
        let trips = trips::trips(self.streams, number, &car.driver, ev::days_around(first, last));
        let mut plug = self.streams.lasting(Topic::Trips, number);
        let progress = plug.between(0.0, 0.5);
        let stays = trips::stays(car, &trips, &mut plug, |date| self.day_mean_c(home.region, date));
        let (start, end) = (self.calendar.start(), self.calendar.end);
        writer.write("evs", &car.row(&home.id, trips::energy_at(car, &stays, start, progress)))?;
        for stay in stays.iter().filter(|stay| stay.departure > start && stay.arrival < end) {
            let row = [
                ("home_id", (&home.id).into()),
                ("ev_id", car.id.into()),
                ("arrival", stay.arrival.into()),
                ("departure", stay.departure.into()),
                ("target_kwh", rounded(stay.target_kwh, 1).min(car.capacity_kwh).into()),
                ("driven_kwh", rounded(stay.driven_kwh, 2).into()),
            ];
            writer.write("ev_sessions", &row)?;
        }
        Ok(())
    }

    fn write_dimming(
        &self,
        writer: &mut FleetWriter,
        home: &SynthHome,
        date: NaiveDate,
    ) -> Result<(), TableError> {
        let mut stream = self.streams.on(Topic::Dimming, home.number, date);
        let Some(cap_kw) = home.dimmed_kw().filter(|_| stream.chance(DIMMED_SHARE)) else {
            return Ok(());
        };
        // A signal lasts for at most two hours, mostly in the evening peak.
        let local = date.and_time(NaiveTime::MIN) + Duration::minutes(15 * 4 * 17);
        let from =
            local_instant(local, ZONE) + Duration::minutes([0, 15, 30, 60, 90][stream.weighted(&[1.0; 5])]);
        let to = from + Duration::minutes([30, 60, 120][stream.weighted(&[1.0; 3])]);
        let row = [
            ("home_id", (&home.id).into()),
            ("from", from.into()),
            ("to", to.into()),
            ("cap_kw", cap_kw.into()),
        ];
        writer.write("dimming", &row)
    }

    fn write_series(&self, writer: &mut FleetWriter, home: &SynthHome) -> Result<(), TableError> {
        let count = self.calendar.quarters.len();
        let weather = &self.weather[home.region];
        let (mut load, mut draw) = (Vec::with_capacity(count), vec![0.0; count]);
        for day in &self.calendar.days {
            let hours: Vec<f64> =
                self.calendar.quarters[day.quarters.clone()].iter().map(|q| q.hour).collect();
            let mut stream = self.streams.on(Topic::Household, home.number, day.date);
            load.extend(home.household.load_kw(&mut stream, day.date, &hours));
            if home.pump.is_some() {
                let mut stream = self.streams.on(Topic::HotWater, home.number, day.date);
                let of_day = hot_water::draw_kw(&mut stream, home.household.persons, hours.len());
                draw[day.quarters.clone()].copy_from_slice(&of_day);
            }
        }
        let pv = home.roof.as_ref().map_or_else(|| vec![0.0; count], |roof| roof.power_kw(weather));
        let gains = home
            .pump
            .as_ref()
            .map_or_else(|| vec![0.0; count], |pump| pump.gains_kw(&weather.global, &weather.outdoor_c));
        let means = |values| averaged(values, self.group).map(|kw| rounded(kw, 3));
        let powers = means(&load).zip(means(&pv)).zip(means(&draw).zip(means(&gains)));
        for (start, ((load_kw, pv_kw), (draw_kw, gains_kw))) in self.starts().zip(powers) {
            let row = [
                ("home_id", (&home.id).into()),
                ("start_utc", start.into()),
                ("load_kw", load_kw.into()),
                ("pv_kw", pv_kw.into()),
                ("hot_water_draw_kw", draw_kw.into()),
                ("gains_kw", gains_kw.into()),
            ];
            writer.write("series", &row)?;
        }
        Ok(())
    }

    fn day_mean_c(&self, region: usize, date: NaiveDate) -> f64 {
        // Trips may begin a little outside the days around; ten degrees are as good a guess as any.
        self.day_means[region].get(&date).copied().unwrap_or(10.0)
    }
}
