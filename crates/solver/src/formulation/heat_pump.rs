//! A heat pump: one compressor for rooms and hot water, minimum run and pause, starts, heaters, soft bands.

use good_lp::{Expression, Variable, constraint};
use offpeak_domain::{
    Compression, HeatPump, HeatPumpPower, Home, HotWater, Hours, Kilowatts, RUNNING, Rooms, compressor_starts,
};

use super::Part;
use super::battery::add_end;
use super::model::{Model, Values, require_range};

pub(crate) struct HeatPumpVariables {
    rooms: Option<SinkVariables>,
    hot_water: Option<SinkVariables>,
}

/// One sink of the compressor, per interval.
struct SinkVariables {
    on: Vec<Variable>,
    power: Vec<Variable>,
    heater: Vec<Option<Variable>>,
}

/// A sink as the affine store it is: `next = decay * state + gain * (cop * power + heater) + drift`.
struct Sink<'a> {
    compression: &'a Compression,
    heater_max: f64,
    initial: f64,
    /// `(decay, gain, drift)` per interval.
    step: Vec<(f64, f64, f64)>,
    /// `(lowest, highest)` per interval, at its end.
    band: Vec<(f64, f64)>,
    discomfort_price: f64,
    end_floor: f64,
    end_value: f64,
    end_price: f64,
}

/// What the sink did in the schedule to start from.
struct Started<'a> {
    power: &'a [Kilowatts],
    heater: &'a [Kilowatts],
    state: Vec<f64>,
}

pub(super) fn add_to(model: &mut Model, part: &Part, index: usize) -> HeatPumpVariables {
    let pump = &part.home.heat_pumps[index];
    let powers = &part.schedule.setpoints.heat_pumps[index];
    let rooms = pump.rooms.as_ref().map(|rooms| {
        let theta = part.schedule.room_temperature[index].iter().flatten();
        let state = theta.map(|value| value.0).collect();
        let started = Started { power: &powers.rooms, heater: &powers.backup, state };
        add_sink(model, part.home, &rooms_sink(part.home, rooms), &started)
    });
    let hot_water = pump.hot_water.as_ref().map(|water| {
        let stored = part.schedule.water_stored[index].iter().flatten();
        let state = stored.map(|value| value.0).collect();
        let started = Started { power: &powers.hot_water, heater: &powers.immersion, state };
        add_sink(model, part.home, &water_sink(part.home, water), &started)
    });
    let variables = HeatPumpVariables { rooms, hot_water };
    add_compressor(model, part, index, &variables);
    variables
}

/// `theta[t+1] = a theta[t] + (1 - a) (outdoor + R (cop power + backup + gains))`
fn rooms_sink<'a>(home: &Home, rooms: &'a Rooms) -> Sink<'a> {
    let resistance = rooms.building.resistance().0;
    let step = |(t, length): (usize, Hours)| {
        let decay = rooms.building.decay(length);
        let (outdoor, gains) = (rooms.outdoor[t].0, rooms.gains[t].0);
        (decay, (1.0 - decay) * resistance, (1.0 - decay) * (outdoor + resistance * gains))
    };
    Sink {
        compression: &rooms.compression,
        heater_max: rooms.backup_max.0,
        initial: rooms.initial.0,
        step: home.horizon.lengths().enumerate().map(step).collect(),
        band: rooms.lowest.iter().zip(&rooms.highest).map(|(low, high)| (low.0, high.0)).collect(),
        discomfort_price: rooms.discomfort_price.0,
        end_floor: rooms.end_floor.0,
        end_value: rooms.end_value_ct_per_k,
        end_price: rooms.end_shortfall_price_ct_per_k,
    }
}

/// `stored[t+1] = stored[t] (1 - loss h) + (cop power + heater) h - draw[t]`
fn water_sink<'a>(home: &Home, water: &'a HotWater) -> Sink<'a> {
    let step =
        |(t, length): (usize, Hours)| (1.0 - water.loss_per_hour * length.0, length.0, -water.draw[t].0);
    Sink {
        compression: &water.compression,
        heater_max: water.heater_max.0,
        initial: water.initial.0,
        step: home.horizon.lengths().enumerate().map(step).collect(),
        band: water.lowest.iter().zip(&water.highest).map(|(low, high)| (low.0, high.0)).collect(),
        discomfort_price: water.discomfort_price_ct_per_kwh_h,
        end_floor: water.end_floor.0,
        end_value: water.end_value_ct_per_kwh,
        end_price: water.end_shortfall_price_ct_per_kwh,
    }
}

fn add_sink(model: &mut Model, home: &Home, sink: &Sink, started: &Started) -> SinkVariables {
    let mut variables = SinkVariables { on: Vec::new(), power: Vec::new(), heater: Vec::new() };
    let mut state = Expression::from(sink.initial);
    for (t, length) in home.horizon.lengths().enumerate() {
        let (lowest, highest) = (sink.compression.min_power[t].0, sink.compression.max_power[t].0);
        let on = model.binary(started.power[t] > RUNNING);
        let power = model.continuous(0.0, highest, started.power[t].0);
        require_range(model, power, &on.into(), lowest, highest);
        model.power[t] += power;
        let heater = (sink.heater_max > 0.0).then(|| {
            let heater = model.continuous(0.0, sink.heater_max, started.heater[t].0);
            model.power[t] += heater;
            heater
        });
        let (decay, gain, drift) = sink.step[t];
        let mut next = state * decay + drift;
        next.add_mul(gain * sink.compression.cop[t], power);
        if let Some(heater) = heater {
            next.add_mul(gain, heater);
        }
        let after = model.continuous(-1e5, 1e5, started.state[t + 1]);
        model.require(constraint!(next - after == 0.0));
        add_band(model, after, started.state[t + 1], sink.band[t], sink.discomfort_price * length.0);
        if let Some(before) = variables.power.last() {
            model.prefer_smooth(*before, power);
        }
        variables.on.push(on);
        variables.power.push(power);
        variables.heater.push(heater);
        state = after.into();
    }
    let left = started.state[home.horizon.len()] - sink.end_floor;
    add_end(model, state - sink.end_floor, left, (sink.end_value, sink.end_price), 1e5);
    variables
}

/// `below >= lowest - state`, `above >= state - highest`, both at the discomfort price
fn add_band(model: &mut Model, state: Variable, started: f64, (lowest, highest): (f64, f64), price: f64) {
    if price <= 0.0 {
        return;
    }
    let below = model.continuous(0.0, 1e5, lowest - started);
    let above = model.continuous(0.0, 1e5, started - highest);
    model.require(constraint!(state + below >= lowest));
    model.require(constraint!(state - above <= highest));
    model.cost(below, price);
    model.cost(above, price);
}

/// The compressor over both sinks: one at a time, minimum run and pause, starts.
fn add_compressor(model: &mut Model, part: &Part, index: usize, variables: &HeatPumpVariables) {
    let pump = &part.home.heat_pumps[index];
    let sinks: Vec<&SinkVariables> = variables.rooms.iter().chain(&variables.hot_water).collect();
    let on: Vec<Expression> = (0..part.home.horizon.len())
        .map(|t| sinks.iter().map(|sink| sink.on[t]).sum::<Expression>())
        .collect();
    if sinks.len() > 1 {
        for on in &on {
            model.require(constraint!(on.clone() <= 1.0));
        }
    }
    let (bound, running) = pump.bound_by_state_before(on.len());
    for on in &on[..bound] {
        model.require(constraint!(on.clone() == f64::from(u8::from(running))));
    }
    let needs_starts =
        pump.min_run > 1 || pump.min_pause > 1 || pump.start_cost.0 > 0.0 || !pump.start_caps.is_empty();
    if needs_starts {
        add_starts(model, part, index, &on);
    }
}

/// The state at the start of interval `t`: on or off before the horizon, then as decided.
fn on_before(pump: &HeatPump, on: &[Expression], t: usize) -> Expression {
    match t.checked_sub(1) {
        Some(before) => on[before].clone(),
        None => Expression::from(f64::from(u8::from(pump.before.running))),
    }
}

/// Rajan and Takriti (2005): facets of minimum run and pause in start variables that may be continuous.
///
/// `start[t] >= on[t] - on[t-1]`; a start in the last `min_run` intervals means on; a start in the last
/// `min_pause` means off before them.
fn add_starts(model: &mut Model, part: &Part, index: usize, on: &[Expression]) {
    let pump = &part.home.heat_pumps[index];
    let starts_before = compressor_starts(part.home, &part.schedule.setpoints, index);
    let start: Vec<Variable> = (0..on.len())
        .map(|t| model.continuous(0.0, 1.0, f64::from(u8::from(starts_before.contains(&t)))))
        .collect();
    let recent = |t: usize, window: usize| -> Expression {
        start[(t + 1).saturating_sub(window)..=t].iter().copied().sum()
    };
    for t in 0..on.len() {
        let before = on_before(pump, on, t);
        model.require(constraint!(on[t].clone() - before <= start[t]));
        model.require(constraint!(recent(t, pump.min_run.max(1)) <= on[t].clone()));
        let pause = pump.min_pause.max(1);
        if t + 1 >= pause {
            let reference = on_before(pump, on, t + 1 - pause);
            model.require(constraint!(recent(t, pause) <= 1.0 - reference));
        }
        model.cost(start[t], pump.start_cost.0);
    }
    add_start_caps(model, pump, &start);
}

/// `sum of start[t] <= most` within each day
fn add_start_caps(model: &mut Model, pump: &HeatPump, start: &[Variable]) {
    for cap in &pump.start_caps {
        let starts: Expression = start[cap.intervals.clone()].iter().copied().sum();
        model.require(constraint!(starts <= cap.most as f64));
    }
}

pub(super) fn read(pump: &HeatPump, variables: &HeatPumpVariables, values: &Values) -> HeatPumpPower {
    let intervals = variables.rooms.iter().chain(&variables.hot_water).map(|sink| sink.on.len()).max();
    let off = vec![Kilowatts::ZERO; intervals.unwrap_or(0)];
    let rooms_heater = pump.rooms.as_ref().map_or(0.0, |rooms| rooms.backup_max.0);
    let water_heater = pump.hot_water.as_ref().map_or(0.0, |water| water.heater_max.0);
    let rooms = pump.rooms.as_ref().zip(variables.rooms.as_ref());
    let water = pump.hot_water.as_ref().zip(variables.hot_water.as_ref());
    let compressor = |sink: Option<(&Compression, &SinkVariables)>| {
        sink.map_or_else(|| off.clone(), |(compression, sink)| read_compressor(compression, sink, values))
    };
    let heater = |sink: Option<&SinkVariables>, most: f64| {
        sink.map_or_else(|| off.clone(), |sink| read_heater(sink, most, values))
    };
    HeatPumpPower {
        rooms: compressor(rooms.map(|(rooms, sink)| (&rooms.compression, sink))),
        hot_water: compressor(water.map(|(water, sink)| (&water.compression, sink))),
        backup: heater(variables.rooms.as_ref(), rooms_heater),
        immersion: heater(variables.hot_water.as_ref(), water_heater),
    }
}

fn read_compressor(compression: &Compression, sink: &SinkVariables, values: &Values) -> Vec<Kilowatts> {
    let ranges = compression.min_power.iter().zip(&compression.max_power);
    let power = sink.on.iter().zip(&sink.power).zip(ranges);
    power
        .map(|((on, power), (min, max))| {
            let running = values.is_on(*on);
            Kilowatts(if running { values.of(*power).clamp(min.0, max.0) } else { 0.0 })
        })
        .collect()
}

fn read_heater(sink: &SinkVariables, most: f64, values: &Values) -> Vec<Kilowatts> {
    let read = |heater: &Option<Variable>| heater.map_or(0.0, |heater| values.of(heater).clamp(0.0, most));
    sink.heater.iter().map(|heater| Kilowatts(read(heater))).collect()
}
