//! A battery: it charges, discharges or rests, as two binaries say in every interval.

use good_lp::constraint;
use offpeak_domain::{Battery, Home};

use super::program::Program;

pub(super) fn add(program: &mut Program, home: &Home, battery: &Battery) {
    let mut stored = program.free();
    let mut idle = battery.initial_stored.0;
    program.require(constraint!(stored == idle));
    for (t, length) in home.horizon.lengths().enumerate() {
        let length = length.0;
        let (charging, discharging) = (program.binary(), program.binary());
        program.require(constraint!(charging + discharging <= 1.0));
        let charge = program.switched(charging, battery.min_charge, battery.max_charge[t]);
        let discharge = program.switched(discharging, battery.min_discharge, battery.max_discharge[t]);
        let (importing, exporting, big) = (program.importing[t], program.exporting[t], program.big);
        if !battery.grid_charging {
            program.require(constraint!(charge <= big * (1.0 - importing)));
        }
        if !battery.grid_export {
            program.require(constraint!(discharge <= big * (1.0 - exporting)));
        }
        program.power[t] += charge - discharge;
        program.pay(length * battery.wear.0, discharge);

        let next = program.free();
        let kept = 1.0 - battery.self_discharge_per_hour * length;
        let (stores, takes) = (battery.charge_efficiency * length, length / battery.discharge_efficiency);
        program.require(constraint!(next == kept * stored + stores * charge - takes * discharge));
        // Left alone it may fall below its minimum by itself.
        idle *= kept;
        program.require(constraint!(next >= battery.min_stored.0.min(idle)));
        program.require(constraint!(next <= battery.max_stored.0));
        stored = next;
    }
    let (value, price) = (battery.end_value.0, battery.end_shortfall_price.0);
    program.pay_end(stored, battery.end_floor.0, value, price);
}
