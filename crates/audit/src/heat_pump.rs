//! Heat pumps: what each sink gets and what becomes of its temperature or heat.

use offpeak_domain::{
    Building, Celsius, Compression, HeatPump, HeatPumpPower, Home, HotWater, KilowattHours, Rooms, Schedule,
};

use crate::compressor;
use crate::findings::{About, Findings};
use crate::rule;

/// Every rule of every heat pump in every interval.
pub(crate) fn audit(home: &Home, schedule: &Schedule, findings: &mut Findings) {
    for (index, pump) in home.heat_pumps.iter().enumerate() {
        let power = &schedule.setpoints.heat_pumps[index];
        let mut about = findings.about(&pump.id);
        for t in 0..power.rooms.len() {
            rooms_power(pump, power, t, &mut about);
            hot_water_power(pump, power, t, &mut about);
        }
        compressor::audit(pump, power, &mut about);
        if let (Some(rooms), Some(theta)) = (&pump.rooms, &schedule.room_temperature[index]) {
            room_recursion(home, rooms, power, theta, &mut about);
        }
        if let (Some(water), Some(stored)) = (&pump.hot_water, &schedule.water_stored[index]) {
            water_balance(home, water, power, stored, &mut about);
        }
    }
}

fn rooms_power(pump: &HeatPump, power: &HeatPumpPower, t: usize, about: &mut About) {
    let (compressor, heater) = (power.rooms[t].0, power.backup[t].0);
    match &pump.rooms {
        Some(rooms) => sink_power(&rooms.compression, rooms.backup_max.0, t, [compressor, heater], about),
        None => no_sink(t, [compressor, heater], about),
    }
}

fn hot_water_power(pump: &HeatPump, power: &HeatPumpPower, t: usize, about: &mut About) {
    let (compressor, heater) = (power.hot_water[t].0, power.immersion[t].0);
    match &pump.hot_water {
        Some(water) => sink_power(&water.compression, water.heater_max.0, t, [compressor, heater], about),
        None => no_sink(t, [compressor, heater], about),
    }
}

/// `compressor in {0} or [q_min, q_max]`, `0 <= heater <= heater_max`
fn sink_power(way: &Compression, heater_max: f64, t: usize, powers: [f64; 2], about: &mut About) {
    let [compressor, heater] = powers;
    about.off_or_in(rule::COMPRESSOR_POWER, t, &[(way.min_power[t], way.max_power[t])], compressor);
    about.at_least(rule::HEATER_POWER, t, 0.0, heater);
    about.at_most(rule::HEATER_POWER, t, heater_max, heater);
}

fn no_sink(t: usize, powers: [f64; 2], about: &mut About) {
    for power in powers {
        about.equal(rule::NO_SUCH_SINK, t, 0.0, power);
    }
}

/// `theta[t+1] = a theta[t] + (1 - a) (outdoor + R (cop power + backup + gains))`, `a = exp(-h / (R C))`
fn room_recursion(home: &Home, rooms: &Rooms, power: &HeatPumpPower, theta: &[Celsius], about: &mut About) {
    about.equal(rule::ROOM_INITIAL, 0, rooms.initial.0, theta[0].0);
    let Building::OneMass { resistance, capacitance } = rooms.building else {
        // What this auditor cannot recompute must not pass as sound.
        let detail = format!("expected a building of one mass, found {:?}", rooms.building);
        return about.report(rule::ROOM_BALANCE, None, 1.0, detail);
    };
    for (t, h) in home.horizon.lengths().map(|length| length.0).enumerate() {
        let heat = rooms.compression.cop[t] * power.rooms[t].0 + power.backup[t].0 + rooms.gains[t].0;
        let settled = rooms.outdoor[t].0 + resistance.0 * heat;
        let a = f64::exp(-h / (resistance.0 * capacitance.0));
        let expected = settled + a * (theta[t].0 - settled);
        about.equal(rule::ROOM_BALANCE, t, expected, theta[t + 1].0);
    }
}

/// `stored[t+1] = stored[t] (1 - loss h) + (cop power + immersion) h - draw[t]`
fn water_balance(
    home: &Home,
    water: &HotWater,
    power: &HeatPumpPower,
    stored: &[KilowattHours],
    about: &mut About,
) {
    about.equal(rule::WATER_INITIAL, 0, water.initial.0, stored[0].0);
    for (t, h) in home.horizon.lengths().map(|length| length.0).enumerate() {
        let heat = water.compression.cop[t] * power.hot_water[t].0 + power.immersion[t].0;
        let lost = stored[t].0 * water.loss_per_hour * h;
        let expected = stored[t].0 - lost + heat * h - water.draw[t].0;
        about.equal(rule::WATER_BALANCE, t, expected, stored[t + 1].0);
    }
}
