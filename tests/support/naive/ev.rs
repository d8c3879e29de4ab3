//! An EV: one binary per phase mode and one for discharge in every connected interval, one more for every drive.

use good_lp::{Expression, Variable, constraint};
use offpeak_domain::{Ev, Home};

use super::program::Program;

pub(super) fn add(program: &mut Program, home: &Home, ev: &Ev) {
    let mut energy = vec![program.free()];
    program.require(constraint!(energy[0] == ev.initial_energy.0));
    for t in 0..home.horizon.len() {
        let next = program.positive();
        program.require(constraint!(next <= ev.capacity.0));
        let mut held = Expression::from(energy[t]);
        if ev.sessions.iter().any(|session| session.connected.contains(&t)) {
            held += add_powers(program, home, ev, t, next);
            if let Some(urgent) = &ev.urgent {
                let price = urgent.price_ct_per_kwh_h * home.horizon.length(t).0;
                program.pay_missing(price, next, urgent.energy.0);
            }
        }
        let due = ev.sessions.iter().filter(|session| session.connected.start == t + 1);
        let driven: f64 = due.map(|session| session.driven_before.0).sum();
        let elsewhere = add_drive(program, ev, driven, next);
        program.require(constraint!(next == held - driven + elsewhere));
        energy.push(next);
    }
    add_wishes(program, ev, &energy);
}

/// One mode, or discharge, or nothing; hands out the energy that it brings, in kWh.
fn add_powers(program: &mut Program, home: &Home, ev: &Ev, t: usize, next: Variable) -> Expression {
    let length = home.horizon.length(t).0;
    let mut brought = Expression::default();
    let mut chosen = Expression::default();
    for mode in &ev.modes {
        let on = program.binary();
        let charge = program.switched(on, mode.min, mode.max);
        chosen += on;
        program.power[t] += charge;
        brought.add_mul(ev.charge_efficiency * length, charge);
    }
    if let Some(rules) = &ev.discharge {
        let on = program.binary();
        let discharge = program.switched(on, rules.power.min, rules.power.max);
        chosen += on;
        program.power[t] -= discharge;
        brought.add_mul(-length / rules.efficiency, discharge);
        program.pay(length * rules.wear.0, discharge);
        program.require(constraint!(next >= rules.reserve.0 * on));
        if !rules.grid_export {
            let (exporting, big) = (program.exporting[t], program.big);
            program.require(constraint!(discharge <= big * (1.0 - exporting)));
        }
    }
    program.require(constraint!(chosen <= 1.0));
    brought
}

/// What is charged elsewhere for a drive of `driven` kWh: above 0 only if the car arrives empty.
fn add_drive(program: &mut Program, ev: &Ev, driven: f64, next: Variable) -> Variable {
    let (elsewhere, empty) = (program.positive(), program.binary());
    program.require(constraint!(elsewhere <= driven * empty));
    program.require(constraint!(next <= ev.capacity.0 * (1.0 - empty)));
    program.pay(ev.shortfall_price.0, elsewhere);
    elsewhere
}

/// Targets at departures, and the worth of the energy at the last edge.
fn add_wishes(program: &mut Program, ev: &Ev, energy: &[Variable]) {
    for session in &ev.sessions {
        if let Some(target) = session.target {
            program.pay_missing(ev.shortfall_price.0, energy[session.connected.end], target.0);
        }
    }
    if let Some(end) = &ev.end {
        let counted = program.positive();
        program.require(constraint!(counted <= energy[energy.len() - 1]));
        program.require(constraint!(counted <= end.target.0));
        program.pay(-end.value.0, counted);
    }
}
