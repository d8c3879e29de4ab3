//! The battery: follows the meter, within its bounds.

use offpeak_domain::{Battery, Costed, HomeSpec, KilowattHours, Kilowatts};

use crate::plain_home::{COUNT, assert_near, baseline, battery, home, kwh};

/// The home with 4 kW of sun from 10:00 to 14:00.
fn sunny(battery: Battery) -> HomeSpec {
    let mut spec = HomeSpec { batteries: vec![battery], ..home() };
    spec.grid.pv[40..56].fill(Kilowatts(4.0));
    spec
}

fn assert_follows_meter(costed: &Costed) {
    let power = &costed.schedule.setpoints.batteries[0];
    for t in 0..COUNT {
        let charges_while_importing = power.charge[t].min(costed.schedule.import[t]);
        let discharges_while_exporting = power.discharge[t].min(costed.schedule.export[t]);
        assert!(charges_while_importing.0 <= 1e-9 && discharges_while_exporting.0 <= 1e-9, "interval {t}");
    }
}

#[test]
fn it_covers_the_load_until_it_is_at_its_least_and_refills_from_the_sun() {
    let costed = baseline(sunny(battery()));
    let stored = kwh(&costed.schedule.battery_stored[0]);
    // 4 kWh above the least at 0.5 kW last for 32 intervals.
    assert!(costed.schedule.import[..32].iter().all(|import| import.0 < 1e-9));
    assert_near(stored[32], 1.0);
    assert_near(costed.schedule.import[32].0, 0.5);
    // 3.5 kW of surplus fill 9 kWh in 10.3 intervals.
    assert_near(stored[56], 10.0);
    assert_near(costed.schedule.export[55].0, 3.5);
    assert_follows_meter(&costed);
}

#[test]
fn a_surplus_below_the_least_power_is_fed_in() {
    let costed = baseline(sunny(Battery { min_charge: Kilowatts(3.6), ..battery() }));
    assert!(costed.schedule.setpoints.batteries[0].charge.iter().all(|power| power.0 <= 0.0));
    assert_near(costed.schedule.export[45].0, 3.5);
}

#[test]
fn it_keeps_enough_to_stay_above_its_least_energy_while_it_discharges_itself() {
    let leaking = Battery { self_discharge_per_hour: 0.01, initial_stored: KilowattHours(10.0), ..battery() };
    let costed = baseline(HomeSpec { batteries: vec![leaking], ..home() });
    let stored = kwh(&costed.schedule.battery_stored[0]);
    assert!(stored.iter().all(|stored| *stored >= 1.0 - 1e-9));
    assert_near(stored[COUNT], 1.0);
}

#[test]
fn it_ends_at_its_end_floor_counting_on_the_sun_to_come() {
    let wishes = Battery { end_floor: KilowattHours(8.0), ..battery() };
    let costed = baseline(sunny(wishes));
    let stored = kwh(&costed.schedule.battery_stored[0]);
    assert_near(stored[32], 1.0);
    assert_near(stored[COUNT], 8.0);
    assert_near(costed.shortfalls.end_energy.0, 0.0);
}
