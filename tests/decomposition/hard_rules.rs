//! Rules that a linear program does not keep by itself, each in the smallest home in which it binds.

use offpeak_domain::{CentsPerKilowattHour, EvDischarge, Home, HomeSpec, KilowattHours, Kilowatts, StartCap};
use offpeak_solver::{Decomposition, Options, plan_with};
use offpeak_tests::{battery, ct_per_kwh, ev, hourly, kw, power, pump, session, water};

/// The decomposition's plan passes the audit.
fn is_planned(home: HomeSpec) {
    let home = Home::new(home).expect("a home of a test is possible");
    let planned = plan_with(&Decomposition, &home, &Options::default());
    if let Err(error) = planned {
        panic!("no plan: {error}");
    }
}

/// A car with energy down to its reserve and a dear first hour.
#[test]
fn a_car_at_its_reserve_does_not_discharge() {
    let mut home = hourly(&[40.0, 40.0, 5.0, 5.0]);
    home.grid.load = kw(&[2.0; 4]);
    let mut car = ev(&home, &[power(0.0..=4.0)], 10.0);
    car.initial_energy = KilowattHours(5.0);
    car.sessions = vec![session(0..4, 5.0)];
    car.discharge = Some(EvDischarge {
        power: power(0.0..=2.0),
        efficiency: 1.0,
        wear: CentsPerKilowattHour(0.0),
        reserve: KilowattHours(4.0),
        grid_export: true,
    });
    home.evs.push(car);
    is_planned(home);
}

/// A load below the least power of a battery, with prices that differ.
#[test]
fn a_battery_discharges_with_no_less_than_its_least_power() {
    let mut home = hourly(&[40.0, 5.0, 60.0, 5.0]);
    home.grid.load = kw(&[0.5; 4]);
    let mut store = battery(&home, 4.0, 4.0);
    (store.min_charge, store.min_discharge) = (Kilowatts(2.0), Kilowatts(2.0));
    store.initial_stored = KilowattHours(2.0);
    home.batteries.push(store);
    is_planned(home);
}

/// A tank that cools below what is wished for, and a compressor that has no start left.
#[test]
fn a_compressor_without_a_start_left_stays_off() {
    let mut home = hourly(&[30.0, 10.0, 30.0, 10.0]);
    let mut boiler = pump(&home);
    let mut tank = water(&home, power(0.5..=1.5));
    tank.initial = KilowattHours(1.0);
    boiler.hot_water = Some(tank);
    boiler.start_caps = vec![StartCap { intervals: 0..4, most: 0 }];
    home.heat_pumps.push(boiler);
    is_planned(home);
}

/// A price so far below zero that losses pay.
#[test]
fn a_battery_that_must_not_feed_the_grid_does_not_where_losses_pay() {
    let mut home = hourly(&[-500.0, 30.0, -500.0]);
    home.grid.load = kw(&[1.0; 3]);
    home.grid.export_price = ct_per_kwh(&[10.0; 3]);
    home.grid.import_limit = vec![Kilowatts(10.0); 3];
    let mut store = battery(&home, 4.0, 4.0);
    (store.charge_efficiency, store.discharge_efficiency) = (0.9, 0.9);
    store.initial_stored = KilowattHours(4.0);
    store.grid_export = false;
    home.batteries.push(store);
    is_planned(home);
}
