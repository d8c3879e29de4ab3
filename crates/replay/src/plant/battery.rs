//! A battery: what the meter asks for, within what the policy allows and what it can take and give.

use offpeak_domain::{Battery, Hours, Kilowatts, StorePower};

use super::{Following, at_least_or_off, store_power};

/// What a battery is to do in one interval.
pub(super) struct Wish {
    pub(super) following: Following,
    /// Net power of the home without this battery.
    pub(super) net: Kilowatts,
    /// What the grid connection leaves.
    pub(super) free: Kilowatts,
    /// Intervals of the local day that come after this one.
    pub(super) left_today: usize,
}

pub(super) fn follow(battery: &Battery, wish: &Wish, length: Hours) -> StorePower {
    let (demand, surplus) = (wish.net.max(Kilowatts::ZERO), (-wish.net).max(Kilowatts::ZERO));
    let power = wish.following.power(wish.net);
    let (charge, discharge) = (power.max(Kilowatts::ZERO), (-power).max(Kilowatts::ZERO));
    let kept = battery.initial_stored * battery.retention(length);
    let space = (battery.max_stored - kept).0 / (length.0 * battery.charge_efficiency);
    let mut charge = charge.min(battery.max_charge[0]).min(Kilowatts(space)).min(wish.free);
    if !battery.grid_charging {
        charge = charge.min(surplus);
    }
    // By its own doing the battery never falls below its least energy, so it keeps what it will yet lose today.
    let left = i32::try_from(wish.left_today).unwrap_or(i32::MAX);
    let reserve = battery.min_stored / battery.retention(length).powi(left);
    let spare = (kept - kept.min(reserve)).0 * battery.discharge_efficiency / length.0;
    let mut discharge = discharge.min(battery.max_discharge[0]).min(Kilowatts(spare));
    if !battery.grid_export {
        discharge = discharge.min(demand);
    }
    let charge = at_least_or_off(charge, battery.min_charge);
    let discharge = if charge > Kilowatts::ZERO {
        Kilowatts::ZERO
    } else {
        at_least_or_off(discharge, battery.min_discharge)
    };
    store_power(charge, discharge)
}
