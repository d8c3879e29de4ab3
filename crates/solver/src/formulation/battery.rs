//! A battery: energy balance, power ranges, and the exclusion of charging and discharging at once.

use good_lp::{Expression, Variable, constraint};
use offpeak_domain::{Battery, Hours, Kilowatts, StorePower};

use super::Part;
use super::model::{Model, Values, require_range};

/// What is added to a bound that is a difference of sums, in kW, lest a least power that just fits is rounded away.
pub(super) const ROUNDING: f64 = 1e-9;

/// Powers of a battery or an EV; none in intervals where there can be no power.
#[derive(Default)]
pub(crate) struct StoreVariables {
    pub(crate) charge: Vec<Option<RangedPower>>,
    pub(crate) discharge: Vec<Option<RangedPower>>,
}

/// A power with the range it may take while on: per binary where off is apart from the range.
pub(crate) struct RangedPower {
    pub(crate) power: Variable,
    /// Each with `(lowest, highest)` kW while set; empty where 0 belongs to the range.
    pub(crate) on: Vec<(Variable, f64, f64)>,
    pub(crate) highest: f64,
}

pub(super) fn add_to(model: &mut Model, part: &Part, index: usize) -> StoreVariables {
    let home = part.home;
    let battery = &home.batteries[index];
    let floor = battery.stored_floor(home.horizon.lengths());
    let mut stored = Expression::from(battery.initial_stored.0);
    let mut variables = StoreVariables::default();
    for (t, length) in home.horizon.lengths().enumerate() {
        let powers = &part.schedule.setpoints.batteries[index];
        let started = (powers.charge[t].0, powers.discharge[t].0);
        let (charge, discharge) = add_powers(model, part, battery, t, started);
        let next = model.continuous(
            floor[t + 1].0,
            battery.max_stored.0,
            part.schedule.battery_stored[index][t + 1].0,
        );
        add_energy_balance(model, battery, length, stored, next, (&charge, &discharge));
        if let Some(discharge) = &discharge {
            model.cost(discharge.power, length.0 * battery.wear.0);
        }
        add_smoothness(model, variables.charge.last(), charge.as_ref());
        add_smoothness(model, variables.discharge.last(), discharge.as_ref());
        variables.charge.push(charge);
        variables.discharge.push(discharge);
        stored = next.into();
    }
    let end = part.schedule.battery_stored[index][home.horizon.len()] - battery.end_floor;
    add_end(
        model,
        stored - battery.end_floor.0,
        end.0,
        (battery.end_value.0, battery.end_shortfall_price.0),
        battery.max_stored.0,
    );
    variables
}

/// `stored[t+1] = stored[t] (1 - self_discharge h) + charge_efficiency charge[t] h - discharge[t] h / discharge_efficiency`
fn add_energy_balance(
    model: &mut Model,
    battery: &Battery,
    length: Hours,
    stored: Expression,
    next: Variable,
    (charge, discharge): (&Option<RangedPower>, &Option<RangedPower>),
) {
    let mut left = stored * battery.retention(length);
    if let Some(charge) = charge {
        left.add_mul(battery.charge_efficiency * length.0, charge.power);
    }
    if let Some(discharge) = discharge {
        left.add_mul(-length.0 / battery.discharge_efficiency, discharge.power);
    }
    model.require(constraint!(left - next == 0.0));
}

/// `charge[t]` in {0} or `[min_charge, max_charge[t]]`, `discharge[t]` likewise, never both above 0
fn add_powers(
    model: &mut Model,
    part: &Part,
    battery: &Battery,
    t: usize,
    started: (f64, f64),
) -> (Option<RangedPower>, Option<RangedPower>) {
    let (most_charge, most_discharge) = most_powers(part, battery, t);
    let charge = add_power(model, t, (battery.min_charge.0, most_charge), started.0, 1.0);
    let discharge = add_power(model, t, (battery.min_discharge.0, most_discharge), started.1, -1.0);
    if let (Some(charge), Some(discharge)) = (&charge, &discharge)
        && must_exclude(part, battery, t)
    {
        exclude(model, charge, discharge, started.0 > 0.0);
    }
    if let (Some(charge), Some(ways), false) = (&charge, part.direction.of(t), battery.grid_charging) {
        model.require(constraint!(charge.power <= most_charge * (1.0 - ways.may_import.clone())));
    }
    if let (Some(discharge), Some(ways), false) = (&discharge, part.direction.of(t), battery.grid_export) {
        model.require(constraint!(discharge.power <= most_discharge * (1.0 - ways.may_export.clone())));
    }
    (charge, discharge)
}

/// The most power either way; a meter rule leaves only what surplus or need can be there at all.
fn most_powers(part: &Part, battery: &Battery, t: usize) -> (f64, f64) {
    let (mut charge, mut discharge) = (battery.max_charge[t].0, battery.max_discharge[t].0);
    if !battery.grid_charging {
        let surplus = -(part.potential.lowest_net[t] + battery.max_discharge[t].0);
        charge = charge.min(surplus.max(0.0) + ROUNDING);
    }
    if !battery.grid_export {
        let need = part.potential.highest_net[t] - battery.max_charge[t].0;
        discharge = discharge.min(need.max(0.0) + ROUNDING);
    }
    (charge, discharge)
}

/// A power in {0} or a range, taken from or given to the home's network.
pub(super) fn add_power(
    model: &mut Model,
    t: usize,
    (lowest, highest): (f64, f64),
    started: f64,
    sign: f64,
) -> Option<RangedPower> {
    if highest <= ROUNDING || highest < lowest {
        return None;
    }
    let power = model.continuous(0.0, highest, started);
    model.power[t].add_mul(sign, power);
    let mut on = Vec::new();
    if lowest > 0.0 {
        let binary = model.binary(started > 0.0);
        require_range(model, power, &binary.into(), lowest, highest);
        on.push((binary, lowest, highest));
    }
    Some(RangedPower { power, on, highest })
}

/// Whether a plan could gain from charging and discharging at once.
///
/// Netting the two keeps the stored energy and lowers the net power, so there is a gain only where less net power costs
/// more: at a negative price, at a feed-in limit that can't be met by curtailing, or where a meter rule looks at the
/// sign. A minimum power brings its own binaries, which must exclude each other too.
fn must_exclude(part: &Part, battery: &Battery, t: usize) -> bool {
    let grid = &part.home.grid;
    let burning_pays = grid.import_value(t).min(grid.export_price[t]).0 < 0.0;
    let may_hit_export_limit = !grid.can_curtail && -part.potential.lowest_net[t] > grid.export_limit[t].0;
    let has_minimum = battery.min_charge > Kilowatts::ZERO || battery.min_discharge > Kilowatts::ZERO;
    let has_meter_rule = !battery.grid_charging || !battery.grid_export;
    burning_pays || may_hit_export_limit || has_minimum || has_meter_rule
}

/// One binary that is set while charging, or the binaries of the ranges where both have them.
pub(super) fn exclude(model: &mut Model, charge: &RangedPower, discharge: &RangedPower, charging: bool) {
    let any_set = |power: &RangedPower| -> Option<Expression> {
        (!power.on.is_empty()).then(|| power.on.iter().map(|(binary, ..)| *binary).sum())
    };
    match (any_set(charge), any_set(discharge)) {
        (Some(charges), Some(discharges)) => model.require(constraint!(charges + discharges <= 1.0)),
        (Some(charges), None) => {
            model.require(constraint!(discharge.power <= discharge.highest * (1.0 - charges)));
        }
        (None, Some(discharges)) => {
            model.require(constraint!(charge.power <= charge.highest * (1.0 - discharges)));
        }
        (None, None) => {
            let binary = model.binary(charging);
            model.require(constraint!(charge.power <= charge.highest * binary));
            model.require(constraint!(discharge.power <= discharge.highest * (1.0 - binary)));
        }
    }
}

/// `above - below = left` at the last edge: what is above the floor is worth `value`, what is below costs `price`
pub(super) fn add_end(
    model: &mut Model,
    left: Expression,
    started: f64,
    (value, price): (f64, f64),
    widest: f64,
) {
    if price <= 0.0 {
        return;
    }
    let below = model.continuous(0.0, widest, -started);
    model.cost(below, price);
    if value > 0.0 {
        let above = model.continuous(0.0, widest, started);
        model.cost(above, -value);
        model.require(constraint!(left + below - above == 0.0));
    } else {
        model.require(constraint!(left + below >= 0.0));
    }
}

fn add_smoothness(model: &mut Model, before: Option<&Option<RangedPower>>, after: Option<&RangedPower>) {
    if let (Some(Some(before)), Some(after)) = (before, after) {
        model.prefer_smooth(before.power, after.power);
    }
}

/// The power that `ranged` has in a solution, within its range to the last bit.
fn read_power(ranged: Option<&RangedPower>, values: &Values) -> f64 {
    let Some(ranged) = ranged else { return 0.0 };
    let power = values.of(ranged.power);
    if ranged.on.is_empty() {
        return power.clamp(0.0, ranged.highest);
    }
    let set = ranged.on.iter().find(|(binary, ..)| values.is_on(*binary));
    set.map_or(0.0, |(_, lowest, highest)| power.clamp(*lowest, *highest))
}

/// The powers of a battery in a solution, one way at a time.
pub(super) fn read(battery: &Battery, variables: &StoreVariables, values: &Values) -> StorePower {
    let mut powers = read_powers(variables, values);
    for (charge, discharge) in powers.charge.iter_mut().zip(&mut powers.discharge) {
        (charge.0, discharge.0) = netted(battery, (charge.0, discharge.0));
    }
    powers
}

/// The powers of a store in a solution, as they are.
pub(super) fn read_powers(variables: &StoreVariables, values: &Values) -> StorePower {
    let read = |powers: &[Option<RangedPower>]| {
        powers.iter().map(|power| Kilowatts(read_power(power.as_ref(), values))).collect()
    };
    StorePower { charge: read(&variables.charge), discharge: read(&variables.discharge) }
}

/// Both ways at once replaced by the one way that stores the same energy, which loses less.
fn netted(battery: &Battery, (charge, discharge): (f64, f64)) -> (f64, f64) {
    if charge <= 0.0 || discharge <= 0.0 {
        return (charge, discharge);
    }
    let stored = charge * battery.charge_efficiency - discharge / battery.discharge_efficiency;
    if stored >= 0.0 {
        (stored / battery.charge_efficiency, 0.0)
    } else {
        (0.0, -stored * battery.discharge_efficiency)
    }
}
