//! oemof-solph (MIT), on/off logic of a flow over ten hours, nominal 10: a heat pump whose heat no one minds.
//!
//! A status held for no time yet stands for the source's "initially on" or "initially off" with a minimum time.

use offpeak_domain::{Cents, CentsPerKilowattHour, CompressorState, HeatPump, HomeSpec, StartCap};
use offpeak_tests::{assert_cost, check_exactly, free_running_pump, hourly, power};

use crate::{assert_power, compressor};

/// Ten hours at these prices, in both directions.
fn ten_hours(prices: [f64; 10]) -> HomeSpec {
    let mut home = hourly(&prices);
    home.grid.export_price.clone_from(&home.grid.import_price);
    home
}

const NEWLY_OFF: CompressorState = CompressorState { running: false, intervals: 0 };
const NEWLY_ON: CompressorState = CompressorState { running: true, intervals: 0 };

#[test]
fn a_minimum_pause_that_has_just_begun_holds_off_a_paid_run() {
    let mut home = ten_hours([-1.0; 10]);
    home.heat_pumps.push(HeatPump {
        before: NEWLY_OFF,
        min_pause: 5,
        ..free_running_pump(&home, power(1.0..=10.0))
    });
    let planned = check_exactly(home);
    assert_cost(&planned, -50.0);
    assert_power(compressor(&planned), &[0.0, 0.0, 0.0, 0.0, 0.0, 10.0, 10.0, 10.0, 10.0, 10.0]);
}

#[test]
fn a_single_start_bridges_the_dear_hours_between_two_paid_ones() {
    let mut home = ten_hours([1.0, -4.0, 1.0, 1.0, 1.0, -5.0, 1.0, 1.0, 5.0, -3.0]);
    home.heat_pumps.push(HeatPump {
        start_caps: vec![StartCap { intervals: 0..10, most: 1 }],
        ..free_running_pump(&home, power(5.0..=10.0))
    });
    let planned = check_exactly(home);
    assert_cost(&planned, -75.0);
    assert_power(compressor(&planned), &[0.0, 10.0, 5.0, 5.0, 5.0, 10.0, 0.0, 0.0, 0.0, 0.0]);
}

#[test]
fn a_minimum_run_that_has_just_begun_goes_on_at_least_power() {
    let mut home = ten_hours([1.0; 10]);
    home.heat_pumps.push(HeatPump {
        before: NEWLY_ON,
        min_run: 3,
        ..free_running_pump(&home, power(5.0..=10.0))
    });
    let planned = check_exactly(home);
    assert_cost(&planned, 15.0);
    assert_power(compressor(&planned), &[5.0, 5.0, 5.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
}

/// A start costs 5, so that idling at the least power between two paid hours is cheaper than a second start.
fn costly_starts(before: CompressorState) -> HomeSpec {
    let mut home = ten_hours([1.0, 1.0, 1.0, -4.0, 1.0, 1.0, 1.0, -4.0, 1.0, 1.0]);
    home.heat_pumps.push(HeatPump {
        before,
        start_cost: Cents(5.0),
        ..free_running_pump(&home, power(1.0..=10.0))
    });
    home
}

#[test]
fn a_start_cost_keeps_the_pump_idling_between_two_paid_hours() {
    let planned = check_exactly(costly_starts(NEWLY_OFF));
    assert_cost(&planned, -72.0);
    assert_power(compressor(&planned), &[0.0, 0.0, 0.0, 10.0, 1.0, 1.0, 1.0, 10.0, 0.0, 0.0]);
}

#[test]
fn a_pump_that_runs_already_idles_on_to_spare_its_only_start() {
    let planned = check_exactly(costly_starts(NEWLY_ON));
    assert_cost(&planned, -74.0);
    assert_power(compressor(&planned), &[1.0, 1.0, 1.0, 10.0, 1.0, 1.0, 1.0, 10.0, 0.0, 0.0]);
}

/// The source prices the flow itself; here feed-in never happens, so its price must not matter.
#[test]
fn without_generation_the_feed_in_price_does_not_matter() {
    let mut home = costly_starts(NEWLY_OFF);
    home.grid.export_price.fill(CentsPerKilowattHour(50.0));
    assert_cost(&check_exactly(home), -72.0);
}
