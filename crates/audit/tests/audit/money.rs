//! The recomputed objective, against numbers worked out by hand and against the accounts of the domain.

use offpeak_audit::objective;
use offpeak_domain::{Cents, CentsPerKilowattHour, Costed, Home, HomeSpec, Horizon, Kilowatts, Setpoints};
use offpeak_testhomes::full::{day, honest, local_day, spec};
use offpeak_testhomes::plain::{self, ct_per_kwh};

/// Two hours of one day, of the home with only its grid connection.
fn two_hours() -> HomeSpec {
    let whole = local_day(2026, 1, 15, 60);
    let horizon = Horizon::from_edges(whole.edges()[..3].to_vec()).expect("two intervals");
    let mut grid = spec(whole).grid;
    grid.load = vec![Kilowatts(5.0), Kilowatts(1.0)];
    grid.pv = vec![Kilowatts::ZERO, Kilowatts(4.0)];
    grid.import_price = ct_per_kwh(&[30.0, 20.0]);
    grid.export_price = vec![CentsPerKilowattHour(8.0); 2];
    grid.import_limit = vec![Kilowatts(4.5); 2];
    grid.export_limit = vec![Kilowatts(10.0); 2];
    grid.peak_charges[0].intervals = 0..2;
    if let Some(co2) = &mut grid.co2 {
        co2.intensity.truncate(2);
    }
    HomeSpec { grid, ..plain::home(horizon, &[0.0; 2]) }
}

#[test]
fn the_objective_of_a_home_without_devices_is_worked_out_by_hand() {
    let home = Home::new(two_hours()).expect("possible");
    let costed = Costed::of(&home, Setpoints::idle(&home));
    // 5 kWh at 30 ct, 2 kW of new peak at 15 ct, 5 kWh of 300 g at 0.01 ct, 0.5 kWh beyond the limit, 3 kWh sold at 8 ct.
    let expected = 5.0 * 30.0 + 2.0 * 15.0 + 5.0 * 300.0 * 0.01 + 0.5 * 1000.0 - 3.0 * 8.0;
    assert!((objective(&home, &costed.schedule).0 - expected).abs() < 1e-9);
}

#[test]
fn the_objective_is_that_of_the_accounts() {
    let (home, costed) = honest(day());
    let difference = objective(&home, &costed.schedule) - costed.money.objective();
    assert!(difference.0.abs() < 1e-9, "{difference}");
}

#[test]
fn every_part_of_the_money_is_at_stake_in_these_tests() {
    let money = honest(day()).1.money;
    let parts = [
        money.import,
        money.export,
        money.peak,
        money.wear,
        money.starts,
        money.co2,
        money.discomfort,
        money.shortfall,
        money.urgency,
        money.overshoot,
        money.end_value,
    ];
    assert!(parts.iter().all(|part| *part > Cents::ZERO), "{money:?}");
}
