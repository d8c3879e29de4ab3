//! `FlexMeasures` (Apache-2.0): semi-continuous power, exclusion under negative prices, storage loss.

use offpeak_domain::{Battery, HomeSpec, KilowattHours};
use offpeak_tests::{assert_cost, battery, check_exactly, ct_per_kwh, ev, hourly, kw, power};

use crate::{assert_power, ev_charge};

/// Four hours of alternating prices, and a store that must end full: a car that holds its target and no more.
fn store(modes: std::ops::RangeInclusive<f64>, target_kwh: f64) -> HomeSpec {
    let mut home = hourly(&[10.0, 1.0, 10.0, 1.0]);
    home.evs.push(ev(&home, &[power(modes)], target_kwh));
    home
}

#[test]
fn continuous_power_fills_the_cheap_hours_and_takes_the_rest_dear() {
    assert_cost(&check_exactly(store(0.0..=0.5, 1.2)), 3.0);
}

#[test]
fn on_or_off_power_runs_in_the_cheap_hours() {
    let planned = check_exactly(store(0.5..=0.5, 1.0));
    assert_cost(&planned, 1.0);
    assert_power(ev_charge(&planned), &[0.0, 0.5, 0.0, 0.5]);
}

#[test]
fn a_minimum_power_takes_more_than_needed_of_a_dear_hour() {
    assert_cost(&check_exactly(store(0.4..=0.5, 1.2)), 4.8);
}

/// A full store of 2 kWh and 2 kW with losses split evenly, over 8 hours at a first price and 16 at a second.
fn full_store(round_trip: f64, consumption: [f64; 2], feed_in: [f64; 2]) -> HomeSpec {
    let prices = |[first, second]: [f64; 2]| [vec![first; 8], vec![second; 16]].concat();
    let mut home = hourly(&prices(consumption));
    home.grid.export_price = ct_per_kwh(&prices(feed_in));
    home.batteries.push(Battery {
        initial_stored: KilowattHours(2.0),
        charge_efficiency: round_trip.sqrt(),
        discharge_efficiency: round_trip.sqrt(),
        ..battery(&home, 2.0, 2.0)
    });
    home
}

/// Charging and discharging at once would burn energy for pay: a model without the exclusion gives -205.74.
#[test]
fn negative_prices_never_charge_and_discharge_at_once() {
    let prices = [-10.0, 100.0];
    assert_cost(&check_exactly(full_store(0.9, prices, prices)), -197.736_659_6);
    assert_cost(&check_exactly(full_store(1.0, prices, prices)), -200.0);
}

#[test]
fn a_feed_in_price_below_the_import_price_leaves_only_the_sale() {
    assert_cost(&check_exactly(full_store(0.9, [-10.0, 100.0], [-50.0, 60.0])), -113.841_995_8);
    assert_cost(&check_exactly(full_store(1.0, [-10.0, 100.0], [-50.0, 60.0])), -120.0);
}

/// The source lets what flows in an hour lose with the store: `stored' = (stored - 0.5) * 0.9`. Here losses apply to
/// what stood at the hour's start, so the same course is a draw of 0.45 with the same retention; a load of
/// that size at a steep price, and no feed-in, leaves no other plan.
#[test]
fn a_leaky_store_serves_the_load_and_loses_a_tenth_an_hour() {
    let mut home = hourly(&[100.0; 4]);
    home.grid.load = kw(&[0.45; 4]);
    home.grid.export_limit = kw(&[0.0; 4]);
    home.batteries.push(Battery {
        initial_stored: KilowattHours(2.5),
        self_discharge_per_hour: 0.1,
        ..battery(&home, 2.5, 0.5)
    });
    let planned = check_exactly(home);
    assert_cost(&planned, 0.0);
    let stored = &planned.plan.costed.schedule.battery_stored[0];
    assert_power(stored.iter().map(|energy| energy.0), &[2.5, 1.8, 1.17, 0.603, 0.0927]);
}
