//! What the meter forbids when all devices have chosen: export beyond the limit, stores against its direction.

use offpeak_domain::{Home, Kilowatts, Setpoints};

use super::{Wishes, at_least_or_off};

/// Curtails, and makes stores yield, until every rule of the meter holds in the one interval.
///
/// Less of a store changes what the meter shows for the others, so the rules are applied until they change nothing: each
/// round ends with a store that is off, or with none left to change.
pub(super) fn keep_rules(home: &Home, wishes: &Wishes, setpoints: &mut Setpoints) {
    let rounds = 1 + 2 * (home.batteries.len() + home.evs.len());
    for _ in 0..rounds {
        curtail(home, wishes, setpoints);
        let before = setpoints.clone();
        yield_to_export_limit(home, setpoints);
        yield_to_direction(home, setpoints);
        if *setpoints == before {
            break;
        }
    }
}

fn net(home: &Home, setpoints: &Setpoints) -> Kilowatts {
    home.grid.base(0) + setpoints.curtail[0] + setpoints.device_power(0)
}

/// The curtailment wished for, more where nothing shall be fed in or the limit asks for it; never more than there is.
fn curtail(home: &Home, wishes: &Wishes, setpoints: &mut Setpoints) {
    setpoints.curtail[0] = Kilowatts::ZERO;
    if !home.grid.can_curtail {
        return;
    }
    let exported = (-net(home, setpoints)).max(Kilowatts::ZERO);
    let wished = wishes.setpoints.curtail.first().copied().unwrap_or_default();
    let unwanted = if wishes.no_export { exported } else { Kilowatts::ZERO };
    let beyond = exported - home.grid.export_limit[0];
    setpoints.curtail[0] = wished.max(unwanted).max(beyond).max(Kilowatts::ZERO).min(home.grid.pv[0]);
}

/// What stores feed in beyond the limit they do not give.
fn yield_to_export_limit(home: &Home, setpoints: &mut Setpoints) {
    for ev in 0..home.evs.len() {
        let excess = -net(home, setpoints) - home.grid.export_limit[0];
        let least = home.evs[ev].discharge.as_ref().map_or(Kilowatts::ZERO, |discharge| discharge.power.min);
        lower(&mut setpoints.evs[ev].discharge[0], excess, least);
    }
    for battery in 0..home.batteries.len() {
        let excess = -net(home, setpoints) - home.grid.export_limit[0];
        lower(&mut setpoints.batteries[battery].discharge[0], excess, home.batteries[battery].min_discharge);
    }
}

/// No charging from the grid, no discharging into it, for stores that may not.
fn yield_to_direction(home: &Home, setpoints: &mut Setpoints) {
    for (index, battery) in home.batteries.iter().enumerate() {
        let net = net(home, setpoints);
        if !battery.grid_charging {
            lower(&mut setpoints.batteries[index].charge[0], net, battery.min_charge);
        }
        if !battery.grid_export {
            lower(&mut setpoints.batteries[index].discharge[0], -net, battery.min_discharge);
        }
    }
    for (index, ev) in home.evs.iter().enumerate() {
        let exported = -net(home, setpoints);
        if let Some(discharge) = ev.discharge.as_ref().filter(|discharge| !discharge.grid_export) {
            lower(&mut setpoints.evs[index].discharge[0], exported, discharge.power.min);
        }
    }
}

/// Takes `excess`, where it is above 0, from a power that may not lie between 0 and `least`.
fn lower(power: &mut Kilowatts, excess: Kilowatts, least: Kilowatts) {
    if excess.0 > 1e-9 && *power > Kilowatts::ZERO {
        *power = at_least_or_off((*power - excess).max(Kilowatts::ZERO), least);
    }
}
