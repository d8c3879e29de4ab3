//! A car's trips, and the stays at home between them.

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveDateTime, NaiveTime, Utc, Weekday};
use offpeak_domain::local_instant;
use rand_chacha::ChaCha8Rng;

use crate::calendar::is_weekend;
use crate::ev::{Car, Driver};
use crate::options::ZONE;
use crate::random::{Draw, Streams, Topic};

/// Share of workdays on which a commuter drives to work: the rest is home office, leave, illness.
const COMMUTE_DAYS: f64 = 0.80;
/// Share of workdays and of days at a weekend with another trip: assumed, above the 60 % of all cars
/// that move on a day (Mobilität in Deutschland 2017), as EVs are among the newer ones.
const WORKDAY_TRIPS: f64 = 0.72;
const WEEKEND_TRIPS: f64 = 0.64;
/// Share of commuting days with an errand after work.
const ERRANDS: f64 = 0.22;
/// Kilometres of a leisure or shopping trip and back: median and spread of a log-normal
/// distribution, for a mean of 35 to 40 km a day of cars in use (Mobilität in Deutschland 2017).
const LEISURE_KM: (f64, f64) = (20.0, 0.95);
/// Share of weekends spent away.
const WEEKENDS_AWAY: f64 = 0.05;
/// No stay is planned further ahead than this.
const LONGEST_STAY_DAYS: i64 = 7;

/// A trip from home and back.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Trip {
    pub(crate) leaves: NaiveDateTime,
    pub(crate) returns: NaiveDateTime,
    pub(crate) km: f64,
}

/// A stay at home during which the car is plugged in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Stay {
    pub(crate) arrival: DateTime<Utc>,
    pub(crate) departure: DateTime<Utc>,
    /// Energy on arrival if every stay before it reached its target.
    pub(crate) arrival_kwh: f64,
    pub(crate) target_kwh: f64,
    /// Energy driven since the stay before it.
    pub(crate) driven_kwh: f64,
}

/// All trips of the `dates`, in order and apart; `number` is the car's.
pub(crate) fn trips(
    streams: Streams,
    number: u64,
    driver: &Driver,
    dates: impl Iterator<Item = NaiveDate>,
) -> Vec<Trip> {
    let away = |friday: NaiveDate| streams.on(Topic::WeekendTrip, number, friday).chance(WEEKENDS_AWAY);
    let mut trips: Vec<Trip> = Vec::new();
    for date in dates {
        let mut stream = streams.on(Topic::Trips, number, date);
        let friday = date - Duration::days(i64::from((date.weekday().num_days_from_monday() + 3) % 7));
        let of_day = match date.weekday() {
            Weekday::Fri if away(date) => vec![weekend_away(&mut stream, date)],
            Weekday::Sat | Weekday::Sun if away(friday) => Vec::new(),
            _ => driver.trips(&mut stream, date),
        };
        for trip in of_day {
            // Half an hour at home is the least that is worth a trip of its own.
            if trips.last().is_none_or(|last| trip.leaves >= last.returns + Duration::minutes(30)) {
                trips.push(trip);
            }
        }
    }
    trips
}

fn weekend_away(stream: &mut ChaCha8Rng, friday: NaiveDate) -> Trip {
    Trip {
        leaves: at(friday, stream.about(15.5, 1.2)),
        returns: at(friday, 48.0 + stream.about(18.0, 1.5)),
        km: stream.between(150.0, 450.0),
    }
}

impl Driver {
    fn trips(&self, stream: &mut ChaCha8Rng, date: NaiveDate) -> Vec<Trip> {
        let (median, spread) = LEISURE_KM;
        let km = (median * stream.about(0.0, spread).exp()).clamp(2.0, 220.0);
        match self.commute_km {
            _ if is_weekend(date) => {
                let goes = stream.chance(WEEKEND_TRIPS);
                let trip = trip(date, stream.about(11.5, 2.0), stream.about(3.8, 1.2), km * 1.4);
                Vec::from_iter(goes.then_some(trip))
            }
            Some(commute_km) if stream.chance(COMMUTE_DAYS) => self.working_day(stream, date, commute_km, km),
            _ => {
                let goes = stream.chance(WORKDAY_TRIPS);
                // Those who do not work that day leave later than commuters do.
                let leaves = self.leaves_hour.max(8.5) + stream.about(0.5, 1.0);
                let trip = trip(date, leaves, stream.about(2.6, 0.9), km);
                Vec::from_iter(goes.then_some(trip))
            }
        }
    }

    fn working_day(&self, stream: &mut ChaCha8Rng, date: NaiveDate, commute_km: f64, km: f64) -> Vec<Trip> {
        let leaves = self.leaves_hour + stream.about(0.0, 0.25);
        let work = trip(date, leaves, self.away_hours + stream.about(0.0, 0.6), commute_km);
        let errand = stream.chance(ERRANDS);
        let later = trip(date, stream.about(18.7, 0.7), stream.about(1.6, 0.4), km * 0.7);
        if errand { vec![work, later] } else { vec![work] }
    }
}

fn trip(date: NaiveDate, leaves: f64, hours: f64, km: f64) -> Trip {
    Trip { leaves: at(date, leaves), returns: at(date, leaves + hours.max(0.5)), km }
}

/// The minute at `hour` of `date`; beyond 24 it is a day later.
fn at(date: NaiveDate, hour: f64) -> NaiveDateTime {
    #[expect(clippy::cast_possible_truncation, reason = "a few thousand minutes")]
    let minutes = (hour * 60.0).round() as i64;
    date.and_time(NaiveTime::MIN) + Duration::minutes(minutes)
}

/// The stays between trips in which the car is plugged in; `outdoor_c` is the mean of a date.
pub(crate) fn stays(
    car: &Car,
    trips: &[Trip],
    plug: &mut ChaCha8Rng,
    outdoor_c: impl Fn(NaiveDate) -> f64,
) -> Vec<Stay> {
    let least = 0.05 * car.capacity_kwh;
    let kwh = |trip: &Trip| car.trip_kwh(trip.km, outdoor_c(trip.leaves.date()));
    let mut stays: Vec<Stay> = Vec::new();
    let mut held = car.driver.target_share * car.capacity_kwh;
    let mut driven = 0.0;
    for [before, after] in trips.array_windows() {
        // What the car does not hold is charged on the road.
        let taken = kwh(before).min((held - least).max(0.0));
        held -= taken;
        driven += taken;
        let latest = before.returns + Duration::days(LONGEST_STAY_DAYS);
        let departure = local_instant(after.leaves.min(latest), ZONE);
        let arrival = local_instant(before.returns, ZONE);
        let hours = (departure - arrival).as_seconds_f64() / 3600.0;
        let low = held < (0.4 * car.capacity_kwh).max(kwh(after) + least);
        let plugs = plug.chance(car.driver.plug_share) || low;
        if !plugs || hours < 1.0 {
            continue;
        }
        let wished = (car.driver.target_share * car.capacity_kwh).max(kwh(after) * 1.15 + least);
        let reachable = held + 0.95 * car.max_charge_kw() * car.efficiency * hours;
        let target_kwh = wished.min(reachable).min(car.capacity_kwh);
        stays.push(Stay { arrival, departure, arrival_kwh: held, target_kwh, driven_kwh: driven });
        held = held.max(target_kwh);
        driven = 0.0;
    }
    stays
}

/// Energy in the car at `start`: a part of the way to the target if it is plugged in, all of it if it is under way.
pub(crate) fn energy_at(car: &Car, stays: &[Stay], start: DateTime<Utc>, progress: f64) -> f64 {
    match stays.iter().rfind(|stay| stay.arrival <= start) {
        Some(stay) if start < stay.departure => {
            stay.arrival_kwh + progress * (stay.target_kwh - stay.arrival_kwh).max(0.0)
        }
        Some(stay) => stay.arrival_kwh.max(stay.target_kwh),
        None => car.driver.target_share * car.capacity_kwh,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ev::Phases;

    fn cars() -> impl Iterator<Item = (u64, Car)> {
        (0..400).map(|number| {
            let mut stream = Streams { seed: 9 }.lasting(Topic::Devices, number);
            (number, Car::draw(&mut stream, "ev-1", Phases::Common))
        })
    }

    fn january() -> impl Iterator<Item = NaiveDate> {
        NaiveDate::from_ymd_opt(2026, 1, 5).unwrap().iter_days().take(28)
    }

    #[test]
    fn cars_drive_about_35_km_a_day_and_leave_and_come_at_the_usual_hours() {
        let streams = Streams { seed: 9 };
        let all: Vec<Trip> = cars().flat_map(|(n, car)| trips(streams, n, &car.driver, january())).collect();
        let km_per_day = all.iter().map(|trip| trip.km).sum::<f64>() / 400.0 / 28.0;
        assert!((28.0..42.0).contains(&km_per_day), "{km_per_day} km a day");
        let workdays: Vec<&Trip> =
            all.iter().filter(|trip| !is_weekend(trip.leaves.date()) && trip.km > 2.0).collect();
        let share = |hours: std::ops::Range<u32>, of: fn(&Trip) -> NaiveDateTime| {
            use chrono::Timelike;
            let within = workdays.iter().filter(|trip| hours.contains(&of(trip).hour())).count();
            within as f64 / workdays.len() as f64
        };
        assert!(share(6..10, |trip| trip.leaves) > 0.5, "{}", share(6..10, |trip| trip.leaves));
        assert!(share(15..20, |trip| trip.returns) > 0.45, "{}", share(15..20, |trip| trip.returns));
    }

    #[test]
    fn stays_are_long_take_some_kwh_and_reach_their_targets() {
        let streams = Streams { seed: 9 };
        let (mut kwh, mut hours, mut count) = (0.0, 0.0, 0.0);
        for (number, car) in cars() {
            let trips = trips(streams, number, &car.driver, january());
            let mut plug = streams.lasting(Topic::Trips, number);
            let stays = stays(&car, &trips, &mut plug, |_| 3.0);
            for [before, after] in stays.array_windows() {
                assert!(before.departure < after.arrival, "stays of car {number} overlap");
            }
            for stay in &stays {
                assert!(stay.target_kwh <= car.capacity_kwh && stay.arrival_kwh >= 0.0);
                kwh += (stay.target_kwh - stay.arrival_kwh).max(0.0);
                hours += (stay.departure - stay.arrival).as_seconds_f64() / 3600.0;
                count += 1.0;
            }
        }
        // Norwegian homes: a mean of 11.3 kWh and a median of 10.7 h with a long tail.
        assert!((7.0..16.0).contains(&(kwh / count)), "{} kWh", kwh / count);
        assert!((13.0..24.0).contains(&(hours / count)), "{} h", hours / count);
    }
}
