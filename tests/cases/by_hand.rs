//! Worked by hand.

use chrono::Duration;
use offpeak_domain::{
    Battery, CentsPerKilowattHour, Ev, EvDischarge, HeatPump, HomeSpec, Horizon, KilowattHours, Kilowatts,
};
use offpeak_tests::{
    assert_cost, at_start, battery, check, check_exactly, ct_per_kwh, ev, free_running_pump, home, hourly,
    kw, power, session,
};

use crate::{assert_power, compressor, ev_charge};

/// 10 kWh at 90 % are 11.11 kWh from the socket: four quarter-hours at 11 kW hold 11.0, and the fifth runs at no less
/// than 4.14 kW, for which the fourth gives way: 11.11 - 3 * 2.75 - 1.035 = 1.826 kWh, 7.304 kW.
#[test]
fn the_cheapest_quarter_hours_charge_and_the_last_at_part_power_above_the_minimum() {
    let horizon = Horizon::between(at_start(), at_start() + Duration::hours(2), 15).expect("divides");
    let mut home = home(horizon, &[36.0, 21.0, 24.0, 40.0, 20.0, 23.0, 22.0, 38.0]);
    home.evs.push(Ev { charge_efficiency: 0.9, ..ev(&home, &[power(4.14..=11.0)], 10.0) });
    let planned = check_exactly(home);
    let (full, least) = (11.0 * 0.25, 4.14 * 0.25);
    let rest = 10.0 / 0.9 - 3.0 * full - least;
    assert_cost(&planned, full * (20.0 + 21.0 + 22.0) + rest * 23.0 + least * 24.0);
    assert_power(ev_charge(&planned), &[0.0, 11.0, 4.14, 0.0, 11.0, rest / 0.25, 11.0, 0.0]);
}

/// Two hours and a pump of 1 kW that runs for at least two.
fn two_hours(prices: [f64; 2]) -> HomeSpec {
    let mut home = hourly(&prices);
    home.heat_pumps.push(HeatPump { min_run: 2, ..free_running_pump(&home, power(1.0..=1.0)) });
    home
}

#[test]
fn a_minimum_run_of_two_never_runs_the_first_of_two_hours_alone() {
    let stays_off = check_exactly(two_hours([-10.0, 20.0]));
    assert_cost(&stays_off, 0.0);
    assert_power(compressor(&stays_off), &[0.0, 0.0]);

    let runs_on = check_exactly(two_hours([-10.0, 4.0]));
    assert_cost(&runs_on, -6.0);
    assert_power(compressor(&runs_on), &[1.0, 1.0]);
}

#[test]
fn a_run_may_go_on_beyond_the_horizon() {
    let planned = check_exactly(two_hours([20.0, -10.0]));
    assert_cost(&planned, -10.0);
    assert_power(compressor(&planned), &[0.0, 1.0]);
}

/// At a net power of 0 the home neither imports nor exports, so that a car that must not feed the grid may feed a
/// battery that must not charge from it: the kWh that the car can spare serves the load after it has left.
#[test]
fn a_car_feeds_a_battery_past_a_meter_that_stands_still() {
    let mut home = hourly(&[50.0, 50.0]);
    home.grid.load = kw(&[0.0, 1.0]);
    home.evs.push(Ev {
        initial_energy: KilowattHours(2.0),
        discharge: Some(EvDischarge {
            power: power(1.0..=1.0),
            efficiency: 1.0,
            wear: CentsPerKilowattHour(0.0),
            reserve: KilowattHours(0.0),
            grid_export: false,
        }),
        sessions: vec![session(0..1, 1.0)],
        ..ev(&home, &[power(1.0..=1.0)], 2.0)
    });
    home.batteries.push(Battery { grid_charging: false, ..battery(&home, 1.0, 1.0) });
    assert_cost(&check_exactly(home), 0.0);
}

/// A battery that must not feed the grid and whose least power is just the load still serves it: 0.4 + 2.8 - 2.8 is a
/// little more than 0.4 in floating point, and 0.1 + 2.8 - 2.8 a little less than 0.1.
#[test]
fn a_battery_whose_least_power_is_just_the_load_serves_it() {
    for load in [0.1, 0.3, 0.4, 0.7] {
        let mut home = hourly(&[50.0, 50.0]);
        home.grid.load = kw(&[load; 2]);
        home.batteries.push(Battery {
            initial_stored: KilowattHours(2.0),
            end_floor: KilowattHours(0.0),
            min_discharge: Kilowatts(load),
            grid_export: false,
            ..battery(&home, 2.0, 2.8)
        });
        assert_cost(&check_exactly(home), 0.0);
    }
}

/// At one price nothing is gained by waiting, and thousands of plans are equally good: the class of homes on which
/// branch and bound stalls.
#[test]
fn two_days_at_a_flat_price_with_a_full_car_and_a_battery_close() {
    let horizon = Horizon::between(at_start(), at_start() + Duration::days(2), 15).expect("divides");
    let mut home = home(horizon, &[30.0; 192]);
    home.grid.load = kw(&[0.4; 192]);
    home.grid.export_price = ct_per_kwh(&[8.0; 192]);
    home.evs.push(Ev {
        initial_energy: KilowattHours(58.8),
        charge_efficiency: 0.9,
        ..ev(&home, &[power(4.14..=11.0)], 60.0)
    });
    home.batteries.push(Battery {
        initial_stored: KilowattHours(5.0),
        charge_efficiency: 0.95,
        discharge_efficiency: 0.95,
        end_floor: KilowattHours(5.0),
        ..battery(&home, 10.0, 5.0)
    });
    let planned = check(home);
    let cheapest = (0.4 * 48.0 + 1.2 / 0.9) * 30.0;
    let above = planned.plan.certificate.objective.0 - cheapest;
    assert!((-1e-6..=1.0).contains(&above), "{above} ct above the cheapest");
}
