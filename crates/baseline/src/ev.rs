//! Cars charge at full power from arrival until they hold what they need.

use offpeak_domain::{Ev, EvSession, Home, Hours, KilowattHours, Kilowatts, PowerRange, StorePower};

use crate::room_left::RoomLeft;

/// Energy closer to the goal than this has reached it.
const REACHED: KilowattHours = KilowattHours(1e-9);

/// Charging power per interval; an uncontrolled car never discharges.
pub(crate) fn charge_from_arrival(home: &Home, ev: &Ev, left: &RoomLeft) -> StorePower {
    let intervals = home.horizon.len();
    let driven = ev.driven(intervals);
    let goals = goals(ev, intervals);
    let modes = ev.joined_modes();
    let mut energy = ev.initial_energy;
    let mut charge = vec![Kilowatts::ZERO; intervals];
    for (t, length) in home.horizon.lengths().enumerate() {
        if let Some(goal) = goals[t] {
            charge[t] = power_towards(goal, energy, ev, &modes, length, left.at(t));
        }
        energy += charge[t] * length * ev.charge_efficiency;
        energy = (energy - driven[t]).max(KilowattHours::ZERO);
    }
    StorePower { charge, discharge: vec![Kilowatts::ZERO; intervals] }
}

/// The energy wanted in each interval in which the car is connected.
fn goals(ev: &Ev, intervals: usize) -> Vec<Option<KilowattHours>> {
    let mut goals = vec![None; intervals];
    for session in &ev.sessions {
        goals[session.connected.clone()].fill(Some(goal(ev, session)));
    }
    goals
}

/// The target of the session, or of the end for one that goes on after the horizon, or a full car.
fn goal(ev: &Ev, session: &EvSession) -> KilowattHours {
    let after_horizon = || ev.end.map_or(ev.capacity, |end| end.target);
    let target = session.target.unwrap_or_else(after_horizon);
    // What is wanted at once may be more than the target.
    ev.urgent.map_or(target, |urgent| target.max(urgent.energy))
}

/// The most power of any mode, less in the last interval, or where less than that is `free`.
///
/// A last power below every mode is rounded up where the car can hold it, so that the goal is reached.
fn power_towards(
    goal: KilowattHours,
    energy: KilowattHours,
    ev: &Ev,
    modes: &[PowerRange],
    length: Hours,
    free: Kilowatts,
) -> Kilowatts {
    if goal - energy <= REACHED {
        return Kilowatts::ZERO;
    }
    let power_for = |added: KilowattHours| Kilowatts(added.0 / (length.0 * ev.charge_efficiency));
    let wanted = power_for(goal - energy);
    let most = free.min(power_for(ev.capacity - energy));
    at_least(wanted, modes).filter(|power| *power <= most).unwrap_or_else(|| at_most(wanted.min(most), modes))
}

/// The least power of the modes that is at least `wanted`.
fn at_least(wanted: Kilowatts, modes: &[PowerRange]) -> Option<Kilowatts> {
    modes.iter().find(|mode| wanted <= mode.max).map(|mode| wanted.max(mode.min))
}

/// The most power of the modes that is at most `most`, or 0.
fn at_most(most: Kilowatts, modes: &[PowerRange]) -> Kilowatts {
    let mode = modes.iter().rev().find(|mode| mode.min <= most);
    mode.map_or(Kilowatts::ZERO, |mode| most.min(mode.max))
}
