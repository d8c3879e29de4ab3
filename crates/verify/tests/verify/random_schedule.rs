//! Random schedules that keep the devices' own rules, and the cheapest clean one of many.

use offpeak_audit::audit_costed;
use offpeak_domain::{
    Appliance, Compression, Costed, HeatPump, HeatPumpPower, Home, Kilowatts, Setpoints, StorePower,
};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::random_home::{between, chance, pick};

/// The cost of the cheapest schedule that a random search finds among those that pass the audit.
pub(crate) fn cheapest(random: &mut ChaCha8Rng, home: &Home, tries: usize) -> Option<(f64, Setpoints)> {
    let mut best = cost(home, offpeak_baseline::uncontrolled(home));
    for _ in 0..tries {
        let mut setpoints = match &best {
            Some((_, setpoints)) if chance(random, 0.9) => setpoints.clone(),
            _ => Setpoints::idle(home),
        };
        vary(random, home, &mut setpoints);
        let Some(found) = cost(home, setpoints) else { continue };
        if best.as_ref().is_none_or(|(least, _)| found.0 < *least) {
            best = Some(found);
        }
    }
    best
}

/// The objective of `setpoints`, if they are clean.
pub(crate) fn cost(home: &Home, setpoints: Setpoints) -> Option<(f64, Setpoints)> {
    let costed = Costed::of(home, setpoints);
    let clean = audit_costed(home, &costed).is_empty();
    clean.then(|| (costed.money.objective().0, costed.schedule.setpoints))
}

/// Draws one or two devices anew, or changes one power a little.
fn vary(random: &mut ChaCha8Rng, home: &Home, setpoints: &mut Setpoints) {
    for _ in 0..random.random_range(1..=2) {
        let kinds = [home.batteries.len(), home.evs.len(), home.heat_pumps.len(), home.appliances.len()];
        let kind = random.random_range(0..4);
        if kinds[kind] == 0 {
            continue;
        }
        let index = random.random_range(0..kinds[kind]);
        let t = random.random_range(0..home.horizon.len());
        let all = chance(random, 0.3);
        let intervals = if all { 0..home.horizon.len() } else { t..t + 1 };
        match kind {
            0 => intervals.for_each(|t| battery(random, home, index, t, &mut setpoints.batteries[index])),
            1 => intervals.for_each(|t| ev(random, home, index, t, &mut setpoints.evs[index])),
            2 => pump(random, &home.heat_pumps[index], &mut setpoints.heat_pumps[index]),
            _ => appliance(random, &home.appliances[index], &mut setpoints.appliances[index]),
        }
    }
    curtail(random, home, setpoints);
}

fn within(random: &mut ChaCha8Rng, least: Kilowatts, most: Kilowatts) -> Kilowatts {
    let any = between(random, least.0, most.0.max(least.0));
    Kilowatts(pick(random, &[least.0, most.0.max(least.0), any]))
}

fn battery(random: &mut ChaCha8Rng, home: &Home, index: usize, t: usize, power: &mut StorePower) {
    let battery = &home.batteries[index];
    (power.charge[t], power.discharge[t]) = (Kilowatts::ZERO, Kilowatts::ZERO);
    match random.random_range(0..3) {
        0 => power.charge[t] = within(random, battery.min_charge, battery.max_charge[t]),
        1 => power.discharge[t] = within(random, battery.min_discharge, battery.max_discharge[t]),
        _ => {}
    }
}

fn ev(random: &mut ChaCha8Rng, home: &Home, index: usize, t: usize, power: &mut StorePower) {
    let ev = &home.evs[index];
    (power.charge[t], power.discharge[t]) = (Kilowatts::ZERO, Kilowatts::ZERO);
    if !ev.connected(home.horizon.len())[t] {
        return;
    }
    match (random.random_range(0..3), &ev.discharge) {
        (0, _) => {
            let mode = ev.modes[random.random_range(0..ev.modes.len())];
            power.charge[t] = within(random, mode.min, mode.max);
        }
        (1, Some(discharge)) => {
            power.discharge[t] = within(random, discharge.power.min, discharge.power.max);
        }
        _ => {}
    }
}

/// A whole new pattern that keeps least runs and pauses, with powers kept where it still runs now and then.
fn pump(random: &mut ChaCha8Rng, pump: &HeatPump, power: &mut HeatPumpPower) {
    let mut running = pump.before.running;
    let mut lasted = pump.before.intervals;
    let kept = power.clone();
    for t in 0..power.rooms.len() {
        let least = if running { pump.min_run } else { pump.min_pause };
        if lasted >= least && chance(random, 0.4) {
            (running, lasted) = (!running, 0);
        }
        lasted += 1;
        let on = |compression: &Compression, random: &mut ChaCha8Rng| {
            within(random, compression.min_power[t], compression.max_power[t])
        };
        (power.rooms[t], power.hot_water[t]) = (Kilowatts::ZERO, Kilowatts::ZERO);
        let was_on = kept.rooms[t].0 + kept.hot_water[t].0 > 0.0;
        if running && was_on && chance(random, 0.7) {
            (power.rooms[t], power.hot_water[t]) = (kept.rooms[t], kept.hot_water[t]);
        } else if running {
            match (&pump.rooms, &pump.hot_water) {
                (Some(_), Some(water)) if chance(random, 0.5) => {
                    power.hot_water[t] = on(&water.compression, random);
                }
                (Some(rooms), _) => power.rooms[t] = on(&rooms.compression, random),
                (None, Some(water)) => power.hot_water[t] = on(&water.compression, random),
                (None, None) => {}
            }
        }
        if let Some(rooms) = pump.rooms.as_ref().filter(|_| chance(random, 0.3)) {
            power.backup[t] = pick(random, &[0.0, 0.5, 1.0].map(|share| rooms.backup_max * share));
        }
        if let Some(water) = pump.hot_water.as_ref().filter(|_| chance(random, 0.3)) {
            power.immersion[t] = pick(random, &[0.0, 0.5, 1.0].map(|share| water.heater_max * share));
        }
    }
}

fn appliance(random: &mut ChaCha8Rng, appliance: &Appliance, power: &mut [Kilowatts]) {
    power.fill(Kilowatts::ZERO);
    if chance(random, 0.2) {
        return;
    }
    let slack = appliance.latest_start - appliance.earliest_start;
    let mut late = random.random_range(0..=slack);
    for (part, value) in appliance.profile.iter().enumerate() {
        power[appliance.earliest_start + late + part] = *value;
        if appliance.interruptible {
            late += random.random_range(0..=slack - late);
        }
    }
}

/// Throws away what the export limit or a negative pay asks for, or any share.
fn curtail(random: &mut ChaCha8Rng, home: &Home, setpoints: &mut Setpoints) {
    let grid = &home.grid;
    for t in (0..home.horizon.len()).filter(|_| grid.can_curtail) {
        let net = grid.base(t) + setpoints.device_power(t);
        let beyond = (-net - grid.export_limit[t]).max(Kilowatts::ZERO);
        let to_zero = (-net).max(Kilowatts::ZERO);
        let any = grid.pv[t] * random.random::<f64>();
        let chosen = pick(random, &[beyond, beyond, to_zero, grid.pv[t], any]);
        setpoints.curtail[t] = chosen.max(beyond).min(grid.pv[t]);
    }
}
