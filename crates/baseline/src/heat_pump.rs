//! The heat pump follows its thermostats, hot water first.

use offpeak_domain::{HeatPump, HeatPumpPower, Home, Kilowatts};

use crate::compressor::Compressor;
use crate::room_left::RoomLeft;
use crate::sink::Sink;
use crate::thermostat::{Call, Thermostat};

/// What one sink gets, per interval.
struct Supply {
    thermostat: Thermostat,
    compressor: Vec<Kilowatts>,
    heater: Vec<Kilowatts>,
}

/// Power of compressor and heaters per interval, within what is `left`.
///
/// The compressor serves the sink that is too cold, hot water before rooms, and runs at the power that
/// leads to where the thermostat switches off. The heaters hold the lowest bound where it cannot.
pub(crate) fn follow_thermostats(home: &Home, pump: &HeatPump, left: &RoomLeft) -> HeatPumpPower {
    let water = pump.hot_water.as_ref().map(|water| Sink::of_hot_water(home, water));
    let rooms = pump.rooms.as_ref().map(|rooms| Sink::of_rooms(home, rooms));
    let has_water = water.is_some();
    let mut supplies: Vec<Supply> =
        water.into_iter().chain(rooms).map(|sink| Supply::new(Thermostat::new(sink, left))).collect();
    let mut compressor = Compressor::new(pump, left);
    for t in 0..home.horizon.len() {
        let served = choose(&mut supplies, &compressor, left, t);
        supply(&mut supplies, served, left, t);
        compressor.advance(t, served.is_some());
    }
    let off = || vec![Kilowatts::ZERO; home.horizon.len()];
    let mut supplies = supplies.into_iter();
    let mut next = |exists: bool| {
        let supply = if exists { supplies.next() } else { None };
        supply.map_or_else(|| (off(), off()), |supply| (supply.compressor, supply.heater))
    };
    let (hot_water, immersion) = next(has_water);
    let (rooms, backup) = next(pump.rooms.is_some());
    HeatPumpPower { rooms, hot_water, backup, immersion }
}

impl Supply {
    fn new(thermostat: Thermostat) -> Self {
        Self { thermostat, compressor: Vec::new(), heater: Vec::new() }
    }
}

/// Which supply the compressor serves in interval `t`, and at what power.
fn choose(
    supplies: &mut [Supply],
    compressor: &Compressor,
    left: &RoomLeft,
    t: usize,
) -> Option<(usize, f64)> {
    // Every thermostat switches on or off, whether or not the compressor can follow.
    let calls: Vec<Call> = supplies.iter_mut().map(|supply| supply.thermostat.call(t)).collect();
    if !compressor.may_run(t) {
        return None;
    }
    let fits = |index: &usize| left.fits(t, Kilowatts(supplies[*index].thermostat.sink.min_power[t]));
    let possible: Vec<usize> = (0..supplies.len()).filter(fits).collect();
    let calling = possible.iter().copied().filter(|index| calls[*index] != Call::Silent);
    match calling.min_by_key(|index| calls[*index]) {
        Some(index) => Some((index, supplies[index].thermostat.wanted_power(t, left.at(t).0))),
        None => run_on(supplies, &possible, compressor, t),
    }
}

/// The supply served at least power by a compressor that nobody calls, if it may not stop or should not.
fn run_on(
    supplies: &[Supply],
    possible: &[usize],
    compressor: &Compressor,
    t: usize,
) -> Option<(usize, f64)> {
    let excess = |index: usize| supplies[index].thermostat.excess_cost(t);
    let index = possible.iter().copied().min_by(|a, b| excess(*a).total_cmp(&excess(*b)))?;
    // A pause now would last beyond the next call, or until the starts are counted anew.
    let pause = compressor.least_pause();
    let called_soon = supplies.iter().any(|supply| supply.thermostat.will_call(t, pause));
    let should_not_stop = compressor.is_running() && (called_soon || !compressor.may_start(t));
    let runs_on = compressor.must_run() || (should_not_stop && excess(index) <= 0.0);
    runs_on.then(|| (index, supplies[index].thermostat.sink.min_power[t]))
}

/// Sets the powers of interval `t` and moves every thermostat on.
fn supply(supplies: &mut [Supply], served: Option<(usize, f64)>, left: &RoomLeft, t: usize) {
    let mut free = left.at(t).0 - served.map_or(0.0, |(_, power)| power);
    for (index, supply) in supplies.iter_mut().enumerate() {
        let compressor = served.filter(|(sink, _)| *sink == index).map_or(0.0, |(_, power)| power);
        let heater = supply.thermostat.heater_power(t, compressor, free);
        free -= heater;
        supply.thermostat.advance(t, compressor, heater);
        supply.compressor.push(Kilowatts(compressor));
        supply.heater.push(Kilowatts(heater));
    }
}
