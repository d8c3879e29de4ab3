//! A heat pump: integer starts, and for every start or stop one row per interval that it binds.

use good_lp::{Expression, Variable, constraint};
use offpeak_domain::{Compression, HeatPump, Home, HotWater, Kilowatts, Rooms};

use super::program::Program;

pub(super) fn add(program: &mut Program, home: &Home, pump: &HeatPump) {
    let mut on = vec![Expression::default(); home.horizon.len()];
    if let Some(rooms) = &pump.rooms {
        add_rooms(program, home, rooms, &mut on);
    }
    if let Some(water) = &pump.hot_water {
        add_hot_water(program, home, water, &mut on);
    }
    for on in &on {
        program.require(constraint!(on.clone() <= 1.0));
    }
    add_starts(program, pump, &on);
    add_run_and_pause(program, pump, &on);
}

/// The least power in `t` of a compressor that was started before the horizon and must go on, in kW.
pub(super) fn forced(pump: &HeatPump, t: usize) -> f64 {
    if !pump.before.running || t + pump.before.intervals >= pump.min_run {
        return 0.0;
    }
    pump.compressions().map(|one| one.min_power[t].0).fold(f64::INFINITY, f64::min)
}

/// `theta[t+1] = a theta[t] + (1 - a) (outdoor + R (cop power + backup + gains))`, `a = exp(-h / (R C))`
fn add_rooms(program: &mut Program, home: &Home, rooms: &Rooms, on: &mut [Expression]) {
    let (resistance, capacitance) = (rooms.building.resistance().0, rooms.building.capacitance().0);
    let mut theta = program.free();
    program.require(constraint!(theta == rooms.initial.0));
    for (t, length) in home.horizon.lengths().enumerate() {
        let heat = add_heat(program, &rooms.compression, rooms.backup_max, t, &mut on[t]);
        let keeps = (-length.0 / (resistance * capacitance)).exp();
        let settled = rooms.outdoor[t].0 + resistance * (heat + rooms.gains[t].0);
        let next = program.free();
        program.require(constraint!(next == keeps * theta + (1.0 - keeps) * settled));
        let price = rooms.discomfort_price.0 * length.0;
        add_band(program, next, (rooms.lowest[t].0, rooms.highest[t].0), price);
        theta = next;
    }
    let (value, price) = (rooms.end_value_ct_per_k, rooms.end_shortfall_price_ct_per_k);
    program.pay_end(theta, rooms.end_floor.0, value, price);
}

/// `stored[t+1] = stored[t] (1 - loss h) + (cop power + heater) h - draw[t]`
fn add_hot_water(program: &mut Program, home: &Home, water: &HotWater, on: &mut [Expression]) {
    let mut stored = program.free();
    program.require(constraint!(stored == water.initial.0));
    for (t, length) in home.horizon.lengths().enumerate() {
        let heat = add_heat(program, &water.compression, water.heater_max, t, &mut on[t]);
        let kept = 1.0 - water.loss_per_hour * length.0;
        let next = program.free();
        program.require(constraint!(next == kept * stored + length.0 * heat - water.draw[t].0));
        let price = water.discomfort_price_ct_per_kwh_h * length.0;
        add_band(program, next, (water.lowest[t].0, water.highest[t].0), price);
        stored = next;
    }
    let (value, price) = (water.end_value_ct_per_kwh, water.end_shortfall_price_ct_per_kwh);
    program.pay_end(stored, water.end_floor.0, value, price);
}

/// Compressor and heater of one sink; hands out the heat, in kW, and adds the compressor's binary to `on`.
fn add_heat(
    program: &mut Program,
    compression: &Compression,
    heater_max: Kilowatts,
    t: usize,
    on: &mut Expression,
) -> Expression {
    let running = program.binary();
    let power = program.switched(running, compression.min_power[t], compression.max_power[t]);
    let heater = program.positive();
    program.require(constraint!(heater <= heater_max.0));
    program.power[t] += power + heater;
    *on += running;
    compression.cop[t] * power + heater
}

/// `ct` for every unit by which `state` lies outside its band
fn add_band(program: &mut Program, state: Variable, (lowest, highest): (f64, f64), ct: f64) {
    program.pay_missing(ct, state, lowest);
    let above = program.positive();
    program.require(constraint!(state - above <= highest));
    program.pay(ct, above);
}

/// Whether it runs in the interval before `t`.
fn before(pump: &HeatPump, on: &[Expression], t: usize) -> Expression {
    if t == 0 { Expression::from(f64::from(u8::from(pump.before.running))) } else { on[t - 1].clone() }
}

/// A binary per interval that is set where the compressor starts; its cost and its caps.
fn add_starts(program: &mut Program, pump: &HeatPump, on: &[Expression]) {
    let start: Vec<Variable> = on.iter().map(|_| program.binary()).collect();
    for t in 0..on.len() {
        program.require(constraint!(start[t] >= on[t].clone() - before(pump, on, t)));
        program.pay(pump.start_cost.0, start[t]);
    }
    for cap in &pump.start_caps {
        let starts: Expression = start[cap.intervals.clone()].iter().sum();
        program.require(constraint!(starts <= cap.most as f64));
    }
}

/// A start at `t` means on in the `min_run` intervals from there, a stop means off in the `min_pause` ones.
fn add_run_and_pause(program: &mut Program, pump: &HeatPump, on: &[Expression]) {
    let state = f64::from(u8::from(pump.before.running));
    let least = if pump.before.running { pump.min_run } else { pump.min_pause };
    for on in on.iter().take(least.saturating_sub(pump.before.intervals)) {
        program.require(constraint!(on.clone() == state));
    }
    for t in 0..on.len() {
        let started = on[t].clone() - before(pump, on, t);
        for later in on.iter().take(t + pump.min_run).skip(t + 1) {
            program.require(constraint!(later.clone() >= started.clone()));
        }
        for later in on.iter().take(t + pump.min_pause).skip(t + 1) {
            program.require(constraint!(1.0 - later.clone() >= -1.0 * started.clone()));
        }
    }
}
