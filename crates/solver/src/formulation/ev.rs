//! An EV: sessions, phase modes, energy balance with driving, departures, urgency, discharge with its reserve.

use good_lp::{Expression, Variable, constraint};
use offpeak_domain::{Ev, EvDischarge, KilowattHours, PowerRange};

use super::Part;
use super::battery::{ROUNDING, RangedPower, StoreVariables, add_power, exclude};
use super::model::Model;
use super::potential::is_connected;

pub(super) fn add_to(model: &mut Model, part: &Part, index: usize) -> StoreVariables {
    let ev = &part.home.evs[index];
    let intervals = part.home.horizon.len();
    let started = &part.schedule.ev_energy[index];
    let driven = ev.driven(intervals);
    let least_held = least_held_before_driving(ev, &driven, intervals);

    let mut variables = StoreVariables::default();
    let mut energy: Vec<Expression> = vec![Expression::from(ev.initial_energy.0)];
    for (t, length) in part.home.horizon.lengths().enumerate() {
        let connected = is_connected(ev, t);
        let (charge, discharge) = if connected { add_powers(model, part, index, t) } else { (None, None) };
        let mut held = energy[t].clone();
        if let Some(charge) = &charge {
            held.add_mul(ev.charge_efficiency * length.0, charge.power);
            model.prefer_less(charge.power, t as f64 / intervals as f64);
        }
        if let (Some(discharge), Some(rules)) = (&discharge, &ev.discharge) {
            held.add_mul(-length.0 / rules.efficiency, discharge.power);
            model.cost(discharge.power, length.0 * rules.wear.0);
        }
        let mut next = held;
        if driven[t].0 > 0.0 {
            let elsewhere = part.schedule.charged_elsewhere(part.home, index)[t];
            next = drive(model, ev, next, driven[t], (least_held[t], elsewhere));
        }
        if connected || driven[t].0 > 0.0 {
            let after = model.continuous(0.0, ev.capacity.0, started[t + 1].0);
            model.require(constraint!(next - after == 0.0));
            next = after.into();
        }
        if let (Some(discharge), Some(rules)) = (&discharge, &ev.discharge) {
            keep_reserve(model, rules, &next, discharge);
        }
        if let (Some(urgent), true) = (&ev.urgent, connected) {
            let missing = urgent.energy.0 - started[t + 1].0;
            let price = urgent.price_ct_per_kwh_h * length.0;
            add_missing(model, &next, urgent.energy.0, missing, price);
        }
        variables.charge.push(charge);
        variables.discharge.push(discharge);
        energy.push(next);
    }
    add_wishes(model, ev, &energy, started);
    variables
}

/// `missing >= target - energy[departure]`, and the worth of the energy at the end of the horizon
fn add_wishes(model: &mut Model, ev: &Ev, energy: &[Expression], started: &[KilowattHours]) {
    for session in &ev.sessions {
        if let Some(target) = session.target {
            let departure = session.connected.end;
            let missing = target.0 - started[departure].0;
            add_missing(model, &energy[departure], target.0, missing, ev.shortfall_price.0);
        }
    }
    if let (Some(end), Some(last), Some(started)) = (&ev.end, energy.last(), started.last()) {
        add_end_value(model, last, end.target.0, end.value.0, started.0);
    }
}

/// `charge[t]` in {0} or one of the modes, `discharge[t]` in {0} or its range, never both above 0
fn add_powers(
    model: &mut Model,
    part: &Part,
    index: usize,
    t: usize,
) -> (Option<RangedPower>, Option<RangedPower>) {
    let ev = &part.home.evs[index];
    let powers = &part.schedule.setpoints.evs[index];
    let charge = add_modes(model, t, &ev.joined_modes(), powers.charge[t].0);
    let discharge = ev.discharge.as_ref().and_then(|rules| {
        let range = (rules.power.min.0, most_discharge(part, ev, rules, t));
        let mut power = add_power(model, t, range, powers.discharge[t].0, -1.0)?;
        // The reserve binds only while the car discharges, so that needs a binary also without a least power.
        if power.on.is_empty() && rules.reserve > KilowattHours::ZERO {
            let binary = model.binary(powers.discharge[t].0 > 0.0);
            model.require(constraint!(power.power <= power.highest * binary));
            power.on.push((binary, 0.0, power.highest));
        }
        Some(power)
    });
    if let (Some(charge), Some(discharge)) = (&charge, &discharge) {
        exclude(model, charge, discharge, powers.charge[t].0 > 0.0);
    }
    if let (Some(discharge), Some(ways), Some(rules)) = (&discharge, part.direction.of(t), &ev.discharge)
        && !rules.grid_export
    {
        model.require(constraint!(discharge.power <= discharge.highest * (1.0 - ways.may_export.clone())));
    }
    (charge, discharge)
}

/// The most discharge; without feed-in only what the home can need at all.
fn most_discharge(part: &Part, ev: &Ev, rules: &EvDischarge, t: usize) -> f64 {
    if rules.grid_export {
        return rules.power.max.0;
    }
    let need = part.potential.highest_net[t] - ev.max_charge().0;
    rules.power.max.0.min(need.max(0.0) + ROUNDING)
}

/// One binary per mode whose range leaves out 0, at most one of them set
fn add_modes(model: &mut Model, t: usize, modes: &[PowerRange], started: f64) -> Option<RangedPower> {
    let highest = modes.iter().map(|mode| mode.max.0).fold(0.0, f64::max);
    if highest <= 0.0 {
        return None;
    }
    if let [mode] = modes {
        return add_power(model, t, (mode.min.0, highest), started, 1.0);
    }
    let power = model.continuous(0.0, highest, started);
    model.power[t] += power;
    let fits = |mode: &PowerRange| started > 0.0 && started >= mode.min.0 && started <= mode.max.0;
    let chosen = modes.iter().position(fits);
    let on: Vec<(Variable, f64, f64)> = modes
        .iter()
        .enumerate()
        .map(|(i, mode)| (model.binary(chosen == Some(i)), mode.min.0, mode.max.0))
        .collect();
    let most: Expression = on.iter().map(|(binary, _, highest)| *highest * *binary).sum();
    let least: Expression = on.iter().map(|(binary, lowest, _)| *lowest * *binary).sum();
    let any: Expression = on.iter().map(|(binary, ..)| *binary).sum();
    model.require(constraint!(power <= most));
    model.require(constraint!(power >= least));
    model.require(constraint!(any <= 1.0));
    Some(RangedPower { power, on, highest })
}

/// `after = held - driven + elsewhere`, where `elsewhere = max(0, driven - held)` exactly
fn drive(
    model: &mut Model,
    ev: &Ev,
    held: Expression,
    driven: KilowattHours,
    (least_held, started): (KilowattHours, KilowattHours),
) -> Expression {
    let after = held - driven.0;
    if least_held >= driven {
        return after;
    }
    let elsewhere = model.continuous(0.0, driven.0, started.0);
    let empty = model.binary(started > KilowattHours::ZERO);
    let after = after + elsewhere;
    model.require(constraint!(elsewhere <= driven.0 * empty));
    model.require(constraint!(after.clone() <= ev.capacity.0 * (1.0 - empty)));
    model.cost(elsewhere, ev.shortfall_price.0);
    after
}

/// The least energy that the car can hold at the end of each interval, before driving.
fn least_held_before_driving(ev: &Ev, driven: &[KilowattHours], intervals: usize) -> Vec<KilowattHours> {
    let mut least = ev.initial_energy;
    (0..intervals)
        .map(|t| {
            if let (Some(rules), true) = (&ev.discharge, is_connected(ev, t)) {
                least = least.min(rules.reserve);
            }
            let held = least;
            least = (least - driven[t]).max(KilowattHours::ZERO);
            held
        })
        .collect()
}

/// `energy[t+1] >= reserve` at the end of every interval with discharge
fn keep_reserve(model: &mut Model, rules: &EvDischarge, energy: &Expression, discharge: &RangedPower) {
    if rules.reserve > KilowattHours::ZERO {
        let on: Expression = discharge.on.iter().map(|(binary, ..)| *binary).sum();
        model.require(constraint!(energy.clone() >= rules.reserve.0 * on));
    }
}

/// `missing >= wished - energy`, at a price
fn add_missing(model: &mut Model, energy: &Expression, wished: f64, started: f64, price: f64) {
    if wished <= 0.0 || price <= 0.0 {
        return;
    }
    let missing = model.continuous(0.0, wished, started);
    model.require(constraint!(energy.clone() + missing >= wished));
    model.cost(missing, price);
}

/// `counted <= energy[T]`, `counted <= target`: energy beyond the target is worth nothing
fn add_end_value(model: &mut Model, energy: &Expression, target: f64, value: f64, started: f64) {
    let counted = model.continuous(0.0, target, started);
    model.require(constraint!(counted <= energy.clone()));
    model.cost(counted, -value);
}
