//! A car that charges in the cheapest intervals before its departure.

use offpeak_domain::Kilowatts;

use crate::knowledge::Known;
use crate::outlook::Outlook;
use crate::signal::Signal;
use crate::state::State;

/// Full power if the next interval is among the cheapest that the car needs until it departs, else 0.
///
/// Prices not yet published are estimated. Of equal prices the earlier interval counts as cheaper.
pub(super) fn charge(known: &Known<'_>, state: &State, ev: usize) -> Kilowatts {
    let now = known.now();
    let car = &known.span.home().evs[ev];
    let stays = known.stays(ev, &(now..now + 1));
    let Some(stay) = stays.into_iter().find(|stay| stay.connected.contains(&now)) else {
        return Kilowatts::ZERO;
    };
    let missing = stay.target.unwrap_or(car.capacity).min(car.capacity) - state.evs[ev];
    let per_interval = car.max_charge().0 * car.charge_efficiency * known.span.hours();
    if missing.0 <= 1e-9 || per_interval <= 0.0 {
        return Kilowatts::ZERO;
    }
    let price = |t: usize| known.value(Signal::ImportPrice, t);
    let cheaper = (now + 1..stay.connected.end).filter(|t| price(*t) < price(now)).count();
    let left = missing.0 - cheaper as f64 * per_interval;
    if left <= 1e-9 {
        return Kilowatts::ZERO;
    }
    // The dearest of the chosen intervals takes what the others leave.
    Kilowatts((left / (car.charge_efficiency * known.span.hours())).min(car.max_charge().0))
}
