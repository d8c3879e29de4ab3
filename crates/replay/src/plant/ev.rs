//! A car: the power wished for, or what its departure needs, within its modes and what it holds.

use offpeak_domain::{Ev, Hours, KilowattHours, Kilowatts, PowerRange, StorePower};

use super::{ROUNDING, at_least_or_off, single, store_power};
use crate::outlook::true_stays;
use crate::span::Span;
use crate::state::State;

/// The power that EV number `index` must charge with in the next interval to hold its target at the departure, if it then goes on
/// at full power; 0 where there is time left, or the car is away.
pub(super) fn owed(span: &Span, index: usize, state: &State) -> Kilowatts {
    let (ev, t) = (&span.home().evs[index], state.now);
    let present = true_stays(span, index).find(|stay| stay.connected.contains(&t));
    let Some(stay) = present else { return Kilowatts::ZERO };
    let Some(target) = stay.target else { return Kilowatts::ZERO };
    let per_kilowatt = span.hours() * ev.charge_efficiency;
    let later = ev.max_charge().0 * per_kilowatt * (stay.connected.end - t - 1) as f64;
    let missing = target.min(ev.capacity) - state.evs[index] - KilowattHours(later);
    Kilowatts((missing.0 / per_kilowatt).max(0.0))
}

/// Power of the car of one interval; `owed` comes before the wish.
pub(super) fn follow(
    ev: &Ev,
    wish: &StorePower,
    owed: Kilowatts,
    length: Hours,
    free: Kilowatts,
) -> StorePower {
    let connected = ev.sessions.first().is_some_and(|session| session.connected.contains(&0));
    if !connected {
        return store_power(Kilowatts::ZERO, Kilowatts::ZERO);
    }
    let (charge, discharge) = single(wish);
    let modes = ev.joined_modes();
    let space = Kilowatts((ev.capacity - ev.initial_energy).0 / (length.0 * ev.charge_efficiency));
    let most = free.min(space);
    // Less than a mode's least power is rounded up for a departure, down for a wish.
    let needed = at_least(owed, &modes).filter(|power| *power <= most).unwrap_or(owed);
    let charge = at_most(charge.max(needed).min(most), &modes);
    let discharge = if charge > Kilowatts::ZERO || owed > ROUNDING {
        Kilowatts::ZERO
    } else {
        given(ev, discharge, length)
    };
    store_power(charge, discharge)
}

/// What the car can give of `wished` without going below its reserve.
fn given(ev: &Ev, wished: Kilowatts, length: Hours) -> Kilowatts {
    let Some(discharge) = &ev.discharge else { return Kilowatts::ZERO };
    let spare = (ev.initial_energy - discharge.reserve).0 * discharge.efficiency / length.0;
    at_least_or_off(wished.min(discharge.power.max).min(Kilowatts(spare)), discharge.power.min)
}

/// The least power of the modes that is at least `wanted`; none where that is nothing, or more than all.
fn at_least(wanted: Kilowatts, modes: &[PowerRange]) -> Option<Kilowatts> {
    let mode = modes.iter().find(|mode| wanted <= mode.max)?;
    (wanted > ROUNDING).then(|| wanted.max(mode.min))
}

/// The most power of the modes that is at most `most`, or 0.
fn at_most(most: Kilowatts, modes: &[PowerRange]) -> Kilowatts {
    let mode = modes.iter().rev().find(|mode| most > Kilowatts::ZERO && mode.min <= most + ROUNDING);
    mode.map_or(Kilowatts::ZERO, |mode| most.min(mode.max).max(mode.min))
}
