//! EVs: energy with what is driven, presence, charging modes, discharging.

use offpeak_domain::{Ev, EvDischarge, Home, KilowattHours, Kilowatts, Schedule, StorePower};

use crate::findings::{About, Findings, TOLERANCE};
use crate::rule;

/// Every rule of every EV in every interval.
pub(crate) fn audit(home: &Home, schedule: &Schedule, findings: &mut Findings) {
    let powers = schedule.setpoints.evs.iter().zip(&schedule.ev_energy);
    for (ev, (power, energy)) in home.evs.iter().zip(powers) {
        let mut about = findings.about(&ev.id);
        about.equal(rule::EV_INITIAL, 0, ev.initial_energy.0, energy[0].0);
        for (t, h) in home.horizon.lengths().map(|length| length.0).enumerate() {
            balance(ev, power, energy, t, h, &mut about);
            capacity(ev, energy, t, &mut about);
            presence(ev, power, t, &mut about);
            charging(ev, power, t, &mut about);
            match &ev.discharge {
                Some(discharge) => {
                    discharging(discharge, power, energy, t, &mut about);
                    meter(discharge, power, schedule, t, &mut about);
                }
                None => about.off_or_in(rule::EV_DISCHARGE, t, &[], power.discharge[t].0),
            }
        }
    }
}

/// `energy[t+1] = energy[t] + eta_c charge[t] h - discharge[t] h / eta_d - driven[t] + elsewhere[t]`
fn balance(ev: &Ev, power: &StorePower, energy: &[KilowattHours], t: usize, h: f64, about: &mut About) {
    let expected =
        before_driving(ev, power, energy, t, h) - driven(ev, t) + elsewhere(ev, power, energy, t, h);
    about.equal(rule::EV_BALANCE, t, expected, energy[t + 1].0);
}

/// What the car holds at the end of interval `t` before it drives, in kWh.
fn before_driving(ev: &Ev, power: &StorePower, energy: &[KilowattHours], t: usize, h: f64) -> f64 {
    let discharge_efficiency = ev.discharge.as_ref().map_or(1.0, |discharge| discharge.efficiency);
    energy[t].0 + ev.charge_efficiency * power.charge[t].0 * h
        - power.discharge[t].0 * h / discharge_efficiency
}

/// Energy driven before the sessions that begin with interval `t + 1`, in kWh.
fn driven(ev: &Ev, t: usize) -> f64 {
    ev.sessions.iter().filter(|next| next.connected.start == t + 1).map(|next| next.driven_before.0).sum()
}

/// What the car did not hold for its way: `max(0, driven - held)`, in kWh; 0 where it does not drive.
pub(crate) fn elsewhere(ev: &Ev, power: &StorePower, energy: &[KilowattHours], t: usize, h: f64) -> f64 {
    let driven = driven(ev, t);
    if driven > 0.0 { (driven - before_driving(ev, power, energy, t, h)).max(0.0) } else { 0.0 }
}

/// `0 <= energy <= capacity`
fn capacity(ev: &Ev, energy: &[KilowattHours], t: usize, about: &mut About) {
    about.at_least(rule::EV_CAPACITY, t, 0.0, energy[t + 1].0);
    about.at_most(rule::EV_CAPACITY, t, ev.capacity.0, energy[t + 1].0);
}

/// Whether some session has the car connected in interval `t`.
pub(crate) fn is_connected(ev: &Ev, t: usize) -> bool {
    ev.sessions.iter().any(|session| session.connected.start <= t && t < session.connected.end)
}

/// Power 0 while away.
fn presence(ev: &Ev, power: &StorePower, t: usize, about: &mut About) {
    let most = power.charge[t].0.abs().max(power.discharge[t].0.abs());
    if !is_connected(ev, t) {
        about.at_most(rule::EV_CONNECTED, t, 0.0, most);
    }
}

/// `charge in {0} or [p_min, p_max]` of one of the modes
fn charging(ev: &Ev, power: &StorePower, t: usize, about: &mut About) {
    let modes: Vec<(Kilowatts, Kilowatts)> = ev.modes.iter().map(|mode| (mode.min, mode.max)).collect();
    about.off_or_in(rule::EV_CHARGE, t, &modes, power.charge[t].0);
}

/// `discharge in {0} or [d_min, d_max]`, never beside charging, never ending below the reserve
fn discharging(
    discharge: &EvDischarge,
    power: &StorePower,
    energy: &[KilowattHours],
    t: usize,
    about: &mut About,
) {
    let (into, out) = (power.charge[t].0, power.discharge[t].0);
    about.off_or_in(rule::EV_DISCHARGE, t, &[(discharge.power.min, discharge.power.max)], out);
    about.never_both(rule::EV_DIRECTION, t, ["charge", "discharge"], [into, out]);
    if out > TOLERANCE {
        about.at_least(rule::EV_RESERVE, t, discharge.reserve.0, energy[t + 1].0);
    }
}

/// No discharging while exporting, where the car may only feed the home.
fn meter(discharge: &EvDischarge, power: &StorePower, schedule: &Schedule, t: usize, about: &mut About) {
    if !discharge.grid_export {
        let powers = [power.discharge[t].0, schedule.export[t].0];
        about.never_both(rule::EV_GRID_EXPORT, t, ["discharge", "export"], powers);
    }
}
