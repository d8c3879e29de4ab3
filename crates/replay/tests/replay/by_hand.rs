//! A study whose every number can be checked by hand: two days, one car, three prices.
//!
//! A kWh costs 10 ct from 0:00 to 6:00, 50 ct from 17:00 to 21:00 and 30 ct at all other times; the tariff has 20 ct a day on top.
//! The car takes up to 10 kW without losses and holds 40 kWh. It begins with 20 kWh, comes home at 18:00 on the first day having
//! driven 10, wants 40 at 7:00, comes home at 18:00 on the second day having driven 15, and wants 40 at 7:00 again, after the end.
//!
//! A kWh in the car counts the mean price: (6 x 10 + 4 x 50 + 14 x 30) / 24 = 28 1/3 ct.

use chrono::{NaiveDate, NaiveTime};
use chrono_tz::Europe::Berlin;
use offpeak_domain::*;
use offpeak_replay::*;
use offpeak_testhomes::plain;

const MEAN: f64 = 85.0 / 3.0;

fn midnight(day: u32) -> chrono::DateTime<chrono::Utc> {
    let date = NaiveDate::from_ymd_opt(2026, 1, day).expect("a date");
    local_instant(date.and_time(NaiveTime::MIN), Berlin)
}

fn price(hour: usize) -> f64 {
    match hour % 24 {
        0..6 => 10.0,
        17..21 => 50.0,
        _ => 30.0,
    }
}

/// A day of history, two of replay, one after it; hours.
fn home() -> Home {
    let horizon = Horizon::between(midnight(12), midnight(16), 60).expect("divides");
    let prices: Vec<f64> = (0..96).map(price).collect();
    let mut spec = plain::home(horizon, &prices);
    let stay = |day: usize, driven: f64| EvSession {
        driven_before: KilowattHours(driven),
        ..plain::session(24 * day + 18..24 * day + 31, 40.0)
    };
    let car = Ev {
        initial_energy: KilowattHours(20.0),
        sessions: vec![stay(1, 10.0), stay(2, 15.0)],
        ..plain::ev(&spec, &[plain::power(1.0..=10.0)], 40.0)
    };
    spec.evs.push(car);
    Home::new(spec).expect("possible")
}

fn tariff(home: &Home) -> SpanTariff {
    SpanTariff {
        id: "three prices".into(),
        prices: Prices { import: home.grid.import_price.clone(), export: home.grid.export_price.clone() },
        publication: Some(Publication::default()),
        standing: Cents(20.0),
    }
}

fn replayed(policy: &PolicySpec) -> Replay {
    let home = home();
    let tariff = tariff(&home);
    let span = Span::new(home, midnight(13), midnight(15)).expect("a span");
    replay(&Case { span: &span, tariff: &tariff, forecasts: &Forecasts::default() }, policy)
        .expect("a replay")
}

/// Energy bills of both days, and the net cost of all.
fn check(policy: &PolicySpec, bills: [f64; 2], kwh_at_end: f64) {
    let found = replayed(policy);
    let paid: Vec<f64> = found.days.iter().map(|day| day.import_ct).collect();
    assert!(paid.iter().zip(bills).all(|(paid, bill)| (paid - bill).abs() < 1e-3), "{}: {paid:?}", policy.id);
    let net = bills[0] + bills[1] + 2.0 * 20.0 - (kwh_at_end - 20.0) * MEAN;
    assert!((found.net_ct() - net).abs() < 1e-3, "{}: {} instead of {net}", policy.id, found.net_ct());
    assert!(found.days.iter().all(|day| day.departure_kwh < 1e-6), "{}", policy.id);
}

#[test]
fn uncontrolled_it_charges_30_and_15_kwh_in_the_evening() {
    check(&PolicySpec::uncontrolled(), [30.0 * 50.0, 15.0 * 50.0], 40.0);
}

#[test]
fn in_the_cheapest_intervals_it_charges_30_kwh_at_night_and_waits_for_the_next() {
    check(&PolicySpec::cheapest_intervals(), [0.0, 30.0 * 10.0], 25.0);
}

#[test]
fn replanning_every_hour_sees_the_car_arrive_and_does_the_same() {
    check(&PolicySpec::receding(1), [0.0, 30.0 * 10.0], 25.0);
}

#[test]
fn with_hindsight_nothing_is_better_than_the_cheapest_night() {
    check(&PolicySpec::perfect_foresight(), [0.0, 30.0 * 10.0], 25.0);
}

#[test]
fn the_plan_of_14_00_knows_no_car_yet_and_the_wallbox_charges_at_the_last_moment() {
    // From 4:00 to 7:00, the last hour at 30 ct.
    check(&PolicySpec::day_ahead(), [0.0, 20.0 * 10.0 + 10.0 * 30.0], 25.0);
}
