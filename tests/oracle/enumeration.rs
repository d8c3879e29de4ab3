//! The optimum of a home whose devices know only a few powers, by trying every schedule.
//!
//! Batteries, cars and compressors must have equal least and most powers, and no continuous heater: then every
//! schedule there is has been tried, and the cheapest is the optimum by construction.

use offpeak_domain::{Appliance, Battery, Ev, HeatPump, Home, HotWater, Rooms};

use crate::grid_cost::{Asked, cheapest};

/// How far a state may miss its limits by rounding, in kWh.
const ROUNDING: f64 = 1e-7;

/// More intervals than any home that all schedules can be tried of.
const MOST_INTERVALS: usize = 8;

/// One way to run a device.
struct Run {
    /// Net power in every interval, in kW.
    power: Vec<f64>,
    /// What the device costs apart from the meter, in ct.
    cost: f64,
    forbids_import: Vec<bool>,
    forbids_export: Vec<bool>,
}

/// The least objective of `home`, in ct.
pub(crate) fn optimum(home: &Home) -> f64 {
    let batteries = home.batteries.iter().map(|one| battery_runs(home, one));
    let evs = home.evs.iter().map(|one| ev_runs(home, one));
    let pumps = home.heat_pumps.iter().map(|one| pump_runs(home, one));
    let appliances = home.appliances.iter().map(|one| appliance_runs(home, one));
    let devices: Vec<Vec<Run>> = batteries.chain(evs).chain(pumps).chain(appliances).collect();
    cheapest_combination(home, &devices, &mut Vec::new())
}

fn cheapest_combination<'a>(home: &Home, devices: &'a [Vec<Run>], chosen: &mut Vec<&'a Run>) -> f64 {
    let Some((device, rest)) = devices.split_first() else {
        return combination_cost(home, chosen).unwrap_or(f64::INFINITY);
    };
    let mut least = f64::INFINITY;
    for run in device {
        chosen.push(run);
        least = least.min(cheapest_combination(home, rest, chosen));
        chosen.pop();
    }
    least
}

fn combination_cost(home: &Home, chosen: &[&Run]) -> Option<f64> {
    let mut cost: f64 = chosen.iter().map(|run| run.cost).sum();
    let mut imports = [0.0; MOST_INTERVALS];
    for (t, import) in imports.iter_mut().enumerate().take(home.horizon.len()) {
        let asked = Asked {
            power: chosen.iter().map(|run| run.power[t]).sum(),
            forbids_import: chosen.iter().any(|run| run.forbids_import[t]),
            forbids_export: chosen.iter().any(|run| run.forbids_export[t]),
        };
        let (interval, imported) = cheapest(home, t, asked)?;
        cost += interval;
        *import = imported;
    }
    for charge in &home.grid.peak_charges {
        assert!(!home.grid.can_curtail, "curtailment under a peak charge is not one interval's choice");
        let reached = charge.already_reached.0;
        let peak = imports[charge.intervals.clone()].iter().copied().fold(reached, f64::max);
        cost += (peak - reached) * charge.price.0;
    }
    Some(cost)
}

/// Every sequence of one choice per interval.
fn sequences(choices: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let mut sequences = vec![Vec::new()];
    for interval in choices {
        let extend = |sequence: &Vec<f64>| {
            let sequence = sequence.clone();
            interval.iter().map(move |choice| [sequence.as_slice(), &[*choice]].concat())
        };
        sequences = sequences.iter().flat_map(extend).collect();
    }
    sequences
}

fn battery_runs(home: &Home, battery: &Battery) -> Vec<Run> {
    let choices: Vec<Vec<f64>> = (0..home.horizon.len())
        .map(|t| {
            let (charge, discharge) = (battery.max_charge[t].0, battery.max_discharge[t].0);
            assert!(charge <= battery.min_charge.0, "charges at one power or not at all");
            assert!(discharge <= battery.min_discharge.0, "discharges at one power or not at all");
            let can_charge = charge > 0.0 && charge >= battery.min_charge.0;
            let can_discharge = discharge > 0.0 && discharge >= battery.min_discharge.0;
            let powers = [Some(0.0), can_charge.then_some(charge), can_discharge.then_some(-discharge)];
            powers.into_iter().flatten().collect()
        })
        .collect();
    sequences(&choices).into_iter().filter_map(|power| battery_run(home, battery, power)).collect()
}

fn battery_run(home: &Home, battery: &Battery, power: Vec<f64>) -> Option<Run> {
    let (mut stored, mut idle, mut cost) = (battery.initial_stored.0, battery.initial_stored.0, 0.0);
    for (t, power) in power.iter().enumerate() {
        let h = home.horizon.length(t).0;
        let (charge, discharge) = (power.max(0.0), (-power).max(0.0));
        let kept = 1.0 - battery.self_discharge_per_hour * h;
        stored = stored * kept
            + h * (charge * battery.charge_efficiency - discharge / battery.discharge_efficiency);
        idle *= kept;
        let floor = idle.min(battery.min_stored.0);
        if stored < floor - ROUNDING || stored > battery.max_stored.0 + ROUNDING {
            return None;
        }
        cost += h * discharge * battery.wear.0;
    }
    cost += end_cost(stored, battery.end_floor.0, battery.end_value.0, battery.end_shortfall_price.0);
    Some(Run {
        cost,
        forbids_import: power.iter().map(|power| *power > 0.0 && !battery.grid_charging).collect(),
        forbids_export: power.iter().map(|power| *power < 0.0 && !battery.grid_export).collect(),
        power,
    })
}

fn end_cost(end: f64, floor: f64, value: f64, shortfall_price: f64) -> f64 {
    if end < floor { (floor - end) * shortfall_price } else { (floor - end) * value }
}

fn ev_runs(home: &Home, ev: &Ev) -> Vec<Run> {
    let mut at_home = vec![0.0];
    for mode in &ev.modes {
        assert!(mode.min == mode.max, "a mode has one power");
        at_home.push(mode.min.0);
    }
    if let Some(discharge) = &ev.discharge {
        assert!(discharge.power.min == discharge.power.max, "discharges at one power");
        at_home.push(-discharge.power.min.0);
    }
    let connected = |t: usize| ev.sessions.iter().any(|session| session.connected.contains(&t));
    let choices: Vec<Vec<f64>> =
        (0..home.horizon.len()).map(|t| if connected(t) { at_home.clone() } else { vec![0.0] }).collect();
    sequences(&choices).into_iter().filter_map(|power| ev_run(home, ev, power)).collect()
}

fn ev_run(home: &Home, ev: &Ev, power: Vec<f64>) -> Option<Run> {
    let (mut energy, mut cost) = (vec![ev.initial_energy.0], 0.0);
    let mut forbids_export = Vec::new();
    for (t, power) in power.iter().enumerate() {
        let h = home.horizon.length(t).0;
        let mut next = energy[t] + h * power.max(0.0) * ev.charge_efficiency;
        if let (Some(rules), true) = (&ev.discharge, *power < 0.0) {
            next -= h * -power / rules.efficiency;
            cost += h * -power * rules.wear.0;
            if next < rules.reserve.0 - ROUNDING {
                return None;
            }
        }
        if next < -ROUNDING || next > ev.capacity.0 + ROUNDING {
            return None;
        }
        for session in ev.sessions.iter().filter(|session| session.connected.start == t + 1) {
            cost += (session.driven_before.0 - next).max(0.0) * ev.shortfall_price.0;
            next =
                if session.driven_before.0 > 0.0 { (next - session.driven_before.0).max(0.0) } else { next };
        }
        if let Some(urgent) = &ev.urgent
            && ev.sessions.iter().any(|session| session.connected.contains(&t))
        {
            cost += h * (urgent.energy.0 - next).max(0.0) * urgent.price_ct_per_kwh_h;
        }
        energy.push(next);
        forbids_export.push(*power < 0.0 && ev.discharge.as_ref().is_some_and(|rules| !rules.grid_export));
    }
    for session in &ev.sessions {
        let missing = session.target.map_or(0.0, |target| target.0 - energy[session.connected.end]);
        cost += missing.max(0.0) * ev.shortfall_price.0;
    }
    let last = energy[home.horizon.len()];
    cost -= ev.end.as_ref().map_or(0.0, |end| last.min(end.target.0) * end.value.0);
    Some(Run { forbids_import: vec![false; power.len()], forbids_export, cost, power })
}

/// What the compressor does in an interval.
const OFF: f64 = 0.0;
const ROOMS: f64 = 1.0;
const WATER: f64 = 2.0;

fn pump_runs(home: &Home, pump: &HeatPump) -> Vec<Run> {
    let purposes = [Some(OFF), pump.rooms.as_ref().map(|_| ROOMS), pump.hot_water.as_ref().map(|_| WATER)];
    let choices: Vec<f64> = purposes.into_iter().flatten().collect();
    let patterns = sequences(&vec![choices; home.horizon.len()]);
    patterns.into_iter().filter_map(|pattern| pump_run(home, pump, &pattern)).collect()
}

fn pump_run(home: &Home, pump: &HeatPump, pattern: &[f64]) -> Option<Run> {
    let (mut running, mut lasted) = (pump.before.running, pump.before.intervals);
    let mut starts = Vec::new();
    for (t, purpose) in pattern.iter().enumerate() {
        let runs = *purpose != OFF;
        if runs != running {
            if lasted < if running { pump.min_run } else { pump.min_pause } {
                return None;
            }
            (running, lasted) = (runs, 0);
            if runs {
                starts.push(t);
            }
        }
        lasted += 1;
    }
    for cap in &pump.start_caps {
        if starts.iter().filter(|start| cap.intervals.contains(start)).count() > cap.most {
            return None;
        }
    }
    let mut cost = starts.len() as f64 * pump.start_cost.0;
    let mut power = vec![0.0; pattern.len()];
    if let Some(rooms) = &pump.rooms {
        let serves: Vec<bool> = pattern.iter().map(|purpose| *purpose == ROOMS).collect();
        cost += rooms_cost(home, rooms, &serves, &mut power);
    }
    if let Some(water) = &pump.hot_water {
        let serves: Vec<bool> = pattern.iter().map(|purpose| *purpose == WATER).collect();
        cost += water_cost(home, water, &serves, &mut power);
    }
    let free = vec![false; pattern.len()];
    Some(Run { power, cost, forbids_import: free.clone(), forbids_export: free })
}

fn rooms_cost(home: &Home, rooms: &Rooms, serves: &[bool], power: &mut [f64]) -> f64 {
    assert!(rooms.backup_max.0 == 0.0 && rooms.compression.min_power == rooms.compression.max_power);
    let resistance = rooms.building.resistance().0;
    let time_constant = resistance * rooms.building.capacitance().0;
    let (mut theta, mut cost) = (rooms.initial.0, 0.0);
    for (t, serves) in serves.iter().enumerate() {
        let h = home.horizon.length(t).0;
        let electric = if *serves { rooms.compression.min_power[t].0 } else { 0.0 };
        power[t] += electric;
        let heat = electric * rooms.compression.cop[t] + rooms.gains[t].0;
        let equilibrium = rooms.outdoor[t].0 + resistance * heat;
        theta = equilibrium + (theta - equilibrium) * (-h / time_constant).exp();
        let outside = (rooms.lowest[t].0 - theta).max(theta - rooms.highest[t].0).max(0.0);
        cost += h * outside * rooms.discomfort_price.0;
    }
    cost + end_cost(theta, rooms.end_floor.0, rooms.end_value_ct_per_k, rooms.end_shortfall_price_ct_per_k)
}

fn water_cost(home: &Home, water: &HotWater, serves: &[bool], power: &mut [f64]) -> f64 {
    assert!(water.heater_max.0 == 0.0 && water.compression.min_power == water.compression.max_power);
    let (mut stored, mut cost) = (water.initial.0, 0.0);
    for (t, serves) in serves.iter().enumerate() {
        let h = home.horizon.length(t).0;
        let electric = if *serves { water.compression.min_power[t].0 } else { 0.0 };
        power[t] += electric;
        stored += h * (electric * water.compression.cop[t] - stored * water.loss_per_hour) - water.draw[t].0;
        let outside = (water.lowest[t].0 - stored).max(stored - water.highest[t].0).max(0.0);
        cost += h * outside * water.discomfort_price_ct_per_kwh_h;
    }
    cost + end_cost(
        stored,
        water.end_floor.0,
        water.end_value_ct_per_kwh,
        water.end_shortfall_price_ct_per_kwh,
    )
}

fn appliance_runs(home: &Home, appliance: &Appliance) -> Vec<Run> {
    let (intervals, parts) = (home.horizon.len(), appliance.profile.len());
    let last = appliance.latest_start + parts - 1;
    let run = |chosen: &[usize]| {
        let mut power = vec![0.0; intervals];
        for (part, t) in chosen.iter().enumerate() {
            power[*t] = appliance.profile[part].0;
        }
        let cost = if chosen.is_empty() { appliance.skip_penalty.0 } else { 0.0 };
        Run { power, cost, forbids_import: vec![false; intervals], forbids_export: vec![false; intervals] }
    };
    let mut runs = vec![run(&[])];
    // Every set of intervals as the bits of a number.
    for set in 0_u32..1 << intervals {
        let chosen: Vec<usize> = (0..intervals).filter(|t| set & (1 << t) != 0).collect();
        let in_window = chosen.iter().all(|t| (appliance.earliest_start..=last).contains(t));
        let unbroken = chosen.windows(2).all(|pair| pair[1] == pair[0] + 1);
        if chosen.len() == parts && in_window && (appliance.interruptible || unbroken) {
            runs.push(run(&chosen));
        }
    }
    runs
}
