use chrono::{Datelike, Timelike};
use offpeak_synth::{Mix, SynthOptions};

use crate::support::{csv_files, local, mean, number, options, quantile, rows};

fn year(mix: Mix, homes: usize) -> SynthOptions {
    SynthOptions { days: 365, ..options(homes, "2026-01-01", mix) }
}

#[test]
fn prices_of_a_year_have_the_level_spread_and_negative_hours_of_recent_ones() {
    let files = csv_files(&year(Mix::EvOnly, 1));
    let prices: Vec<(u32, u32, f64)> = rows(&files["prices.csv"])
        .map(|row| {
            let start = local(&row, "start_utc");
            (start.month(), start.hour(), number(&row, "eur_per_mwh"))
        })
        .collect();
    let of = |months: &[u32], hours: std::ops::Range<u32>| {
        let wanted = prices.iter().filter(|(month, hour, _)| months.contains(month) && hours.contains(hour));
        mean(wanted.map(|(_, _, price)| *price))
    };
    let all: Vec<u32> = (1..=12).collect();
    assert!((65.0..115.0).contains(&of(&all, 0..24)), "{}", of(&all, 0..24));
    let negative = mean(prices.iter().map(|(_, _, price)| f64::from(u8::from(*price < 0.0))));
    assert!((0.02..0.13).contains(&negative), "{negative}");
    let summer = [5, 6, 7, 8];
    assert!(of(&summer, 18..22) > of(&summer, 12..15) + 40.0);
    assert!(of(&[12, 1], 17..20) > of(&[12, 1], 2..5) + 20.0);
    let highest = prices.iter().map(|(_, _, price)| *price).fold(f64::MIN, f64::max);
    assert!((150.0..700.0).contains(&highest), "{highest}");
}

#[test]
fn temperatures_of_a_year_follow_the_normals() {
    let files = csv_files(&year(Mix::EvOnly, 1));
    let months: Vec<(u32, f64)> = rows(&files["outdoor.csv"])
        .map(|row| (local(&row, "start_utc").month(), number(&row, "outdoor_c")))
        .collect();
    let of = |wanted: &[u32]| mean(months.iter().filter(|(m, _)| wanted.contains(m)).map(|(_, c)| *c));
    assert!((7.5..11.5).contains(&mean(months.iter().map(|(_, c)| *c))));
    assert!((-3.0..5.0).contains(&of(&[12, 1, 2])), "{}", of(&[12, 1, 2]));
    assert!((15.5..20.5).contains(&of(&[6, 7, 8])), "{}", of(&[6, 7, 8]));
    let (coldest, warmest) =
        months.iter().fold((0.0_f64, 0.0_f64), |(low, high), (_, c)| (low.min(*c), high.max(*c)));
    assert!((-22.0..-5.0).contains(&coldest) && (27.0..41.0).contains(&warmest), "{coldest} {warmest}");
}

#[test]
fn homes_use_draw_and_generate_what_german_homes_do_in_a_year() {
    let files = csv_files(&year(Mix::Full, 16));
    let (mut load, mut pv, mut summer, mut draw) = (0.0, 0.0, 0.0, 0.0);
    for row in rows(&files["series.csv"]) {
        load += number(&row, "load_kw") / 4.0 / 16.0;
        draw += number(&row, "hot_water_draw_kw") / 4.0 / 16.0;
        let kwh = number(&row, "pv_kw") / 4.0 / 16.0;
        pv += kwh;
        let month = local(&row, "start_utc").month();
        summer += if (4..=9).contains(&month) { kwh } else { 0.0 };
    }
    assert!((2300.0..4300.0).contains(&load), "load of {load} kWh");
    assert!((900.0..2200.0).contains(&draw), "hot water of {draw} kWh");
    // A mean roof has 8.5 to 9.5 kWp.
    assert!((6000.0..11_000.0).contains(&pv), "generation of {pv} kWh");
    // April to September have 75 to 80 % of the irradiation.
    assert!((0.68..0.84).contains(&(summer / pv)), "{}", summer / pv);
}

#[test]
fn cars_come_in_the_afternoon_stay_the_night_and_take_some_kwh() {
    let files = csv_files(&SynthOptions { days: 14, ..options(300, "2026-02-02", Mix::EvOnly) });
    let sessions: Vec<(f64, f64, f64)> = rows(&files["ev_sessions.csv"])
        .map(|row| {
            let (arrival, departure) = (local(&row, "arrival"), local(&row, "departure"));
            let hours = (departure - arrival).as_seconds_f64() / 3600.0;
            (f64::from(arrival.hour()), hours, number(&row, "driven_kwh"))
        })
        .collect();
    let of = |value: fn(&(f64, f64, f64)) -> f64| sessions.iter().map(value).collect::<Vec<f64>>();
    assert!((14.0..19.0).contains(&quantile(&mut of(|session| session.0), 0.5)));
    assert!((11.0..21.0).contains(&quantile(&mut of(|session| session.1), 0.5)));
    let driven = mean(of(|session| session.2));
    assert!((6.0..15.0).contains(&driven), "{driven} kWh");
}

#[test]
fn a_realistic_fleet_has_the_stated_shares_of_devices() {
    let files = csv_files(&options(1000, "2026-01-15", Mix::Realistic));
    let count = |table: &str| files[table].lines().count() - 1;
    // The base rates, among homes that have a battery, an EV or a heat pump at all.
    for (table, range) in [("batteries.csv", 450..650), ("evs.csv", 550..760), ("heat_pumps.csv", 320..500)] {
        assert!(range.contains(&count(table)), "{table}: {}", count(table));
    }
    let capacity = mean(rows(&files["batteries.csv"]).map(|row| number(&row, "max_stored_kwh")));
    assert!((8.0..11.0).contains(&capacity), "{capacity} kWh");
}
