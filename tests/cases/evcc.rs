//! evcc optimizer (MIT), `test_cases/022` and `024`: an export cap, and levelled peaks.

use offpeak_domain::{Battery, CentsPerKilowatt, Ev, Kilowatts, PeakCharge};
use offpeak_tests::{assert_cost, battery, check_exactly, ct_per_kwh, ev, hourly, kw, power, session};

use crate::{assert_power, ev_charge};

/// 022: 6 kWh of sun in one hour, 2 kW of which may leave: the battery, which never charges from the grid, must take
/// 4 kWh. It loses a tenth and may not sell what it holds, so it takes no more than that.
#[test]
fn an_export_cap_drives_the_surplus_into_the_battery() {
    let mut home = hourly(&[30.0; 4]);
    home.grid.pv = kw(&[0.0, 6.0, 0.0, 0.0]);
    home.grid.export_price = ct_per_kwh(&[8.0; 4]);
    home.grid.export_limit = kw(&[2.0; 4]);
    home.batteries.push(Battery {
        charge_efficiency: 0.95,
        discharge_efficiency: 0.95,
        grid_charging: false,
        grid_export: false,
        ..battery(&home, 10.0, 10.0)
    });
    let planned = check_exactly(home);
    assert_cost(&planned, -16.0);
    let charge = &planned.plan.costed.schedule.setpoints.batteries[0].charge;
    assert_power(charge.iter().map(|power| power.0), &[0.0, 4.0, 0.0, 0.0]);
}

/// 024: the source asks to level the peaks; here each kW of the peak has a price, which levels them too.
#[test]
fn a_charge_on_the_peak_spreads_the_car_evenly_over_four_hours() {
    let mut home = hourly(&[30.0; 4]);
    home.grid.peak_charges.push(PeakCharge {
        intervals: 0..4,
        price: CentsPerKilowatt(10.0),
        already_reached: Kilowatts(0.0),
    });
    home.evs.push(Ev {
        charge_efficiency: 0.95,
        sessions: vec![session(0..4, 4.0)],
        ..ev(&home, &[power(0.0..=11.0)], 4.0)
    });
    let planned = check_exactly(home);
    let level = 4.0 / 0.95 / 4.0;
    assert_cost(&planned, 4.0 * level * 30.0 + level * 10.0);
    assert_power(ev_charge(&planned), &[level; 4]);
}
