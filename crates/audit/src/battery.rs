//! Batteries: energy balance, bounds, power ranges, what the meter must show.

use offpeak_domain::{Battery, Home, KilowattHours, Schedule, StorePower};

use crate::findings::{About, Findings};
use crate::rule;

/// Every rule of every battery in every interval.
pub(crate) fn audit(home: &Home, schedule: &Schedule, findings: &mut Findings) {
    let powers = schedule.setpoints.batteries.iter().zip(&schedule.battery_stored);
    for (battery, (power, stored)) in home.batteries.iter().zip(powers) {
        let mut about = findings.about(&battery.id);
        about.equal(rule::BATTERY_INITIAL, 0, battery.initial_stored.0, stored[0].0);
        balance(home, battery, power, stored, &mut about);
        bounds(home, battery, stored, &mut about);
        for t in 0..power.charge.len() {
            ranges(battery, power, t, &mut about);
            meter(battery, power, schedule, t, &mut about);
        }
    }
}

/// `stored[t+1] = stored[t] (1 - self_discharge h) + eta_c charge[t] h - discharge[t] h / eta_d`
fn balance(home: &Home, battery: &Battery, power: &StorePower, stored: &[KilowattHours], about: &mut About) {
    for (t, h) in home.horizon.lengths().map(|length| length.0).enumerate() {
        let lost = stored[t].0 * battery.self_discharge_per_hour * h;
        let gained = battery.charge_efficiency * power.charge[t].0 * h;
        let taken = power.discharge[t].0 * h / battery.discharge_efficiency;
        let expected = stored[t].0 - lost + gained - taken;
        about.equal(rule::BATTERY_BALANCE, t, expected, stored[t + 1].0);
    }
}

/// `min(min_stored, what self-discharge alone leaves of the initial energy) <= stored <= max_stored`
fn bounds(home: &Home, battery: &Battery, stored: &[KilowattHours], about: &mut About) {
    let mut untouched = battery.initial_stored.0;
    for (t, h) in home.horizon.lengths().map(|length| length.0).enumerate() {
        untouched -= untouched * battery.self_discharge_per_hour * h;
        let floor = battery.min_stored.0.min(untouched);
        about.at_least(rule::BATTERY_FLOOR, t, floor, stored[t + 1].0);
        about.at_most(rule::BATTERY_CEILING, t, battery.max_stored.0, stored[t + 1].0);
    }
}

/// `charge in {0} or [c_min, c_max]`, `discharge in {0} or [d_min, d_max]`, never both above 0
fn ranges(battery: &Battery, power: &StorePower, t: usize, about: &mut About) {
    let (charge, discharge) = (power.charge[t].0, power.discharge[t].0);
    let charging = [(battery.min_charge, battery.max_charge[t])];
    let discharging = [(battery.min_discharge, battery.max_discharge[t])];
    about.off_or_in(rule::BATTERY_CHARGE, t, &charging, charge);
    about.off_or_in(rule::BATTERY_DISCHARGE, t, &discharging, discharge);
    about.never_both(rule::BATTERY_DIRECTION, t, ["charge", "discharge"], [charge, discharge]);
}

/// No charging while importing, no discharging while exporting, where the battery may not.
fn meter(battery: &Battery, power: &StorePower, schedule: &Schedule, t: usize, about: &mut About) {
    if !battery.grid_charging {
        let powers = [power.charge[t].0, schedule.import[t].0];
        about.never_both(rule::BATTERY_GRID_CHARGING, t, ["charge", "import"], powers);
    }
    if !battery.grid_export {
        let powers = [power.discharge[t].0, schedule.export[t].0];
        about.never_both(rule::BATTERY_GRID_EXPORT, t, ["discharge", "export"], powers);
    }
}
