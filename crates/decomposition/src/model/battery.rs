//! A battery as a store with two ports.

use offpeak_domain::{Battery, Home};

use super::Model;
use super::automaton::Automaton;
use super::port::{Group, Port, Role};
use super::store::{Edge, Store, StoreDevice};
use crate::interval::MeterRule;

pub(super) fn add(model: &mut Model, home: &Home, index: usize) {
    let battery = &home.batteries[index];
    let hours = model.grid.hours.clone();
    let charge = Port {
        role: Role::BatteryCharge(index),
        sign: 1.0,
        least: vec![battery.min_charge.0; hours.len()],
        most: usable(&battery.max_charge, battery.min_charge.0),
        rule: if battery.grid_charging { MeterRule::Free } else { MeterRule::NotWhileImporting },
        gain: hours.iter().map(|h| h * battery.charge_efficiency).collect(),
        cost: vec![0.0; hours.len()],
        floor: f64::NEG_INFINITY,
    };
    let discharge = Port {
        role: Role::BatteryDischarge(index),
        sign: -1.0,
        least: vec![battery.min_discharge.0; hours.len()],
        most: usable(&battery.max_discharge, battery.min_discharge.0),
        rule: if battery.grid_export { MeterRule::Free } else { MeterRule::NotWhileExporting },
        gain: hours.iter().map(|h| -h / battery.discharge_efficiency).collect(),
        cost: hours.iter().map(|h| h * battery.wear.0).collect(),
        floor: f64::NEG_INFINITY,
    };
    let store = store(home, battery, &charge, &discharge);
    let ports = vec![model.add_port(charge), model.add_port(discharge)];
    let automaton = Automaton::free(&ports);
    model.groups.push(Group { ports, levels: Vec::new() });
    model.stores.push(StoreDevice { store, automaton, strict: None, heater: None });
}

/// Most powers, 0 where the least power does not fit.
fn usable(most: &[offpeak_domain::Kilowatts], least: f64) -> Vec<f64> {
    most.iter().map(|most| if most.0 >= least { most.0 } else { 0.0 }).collect()
}

fn store(home: &Home, battery: &Battery, charge: &Port, discharge: &Port) -> Store {
    let floor = battery.stored_floor(home.horizon.lengths());
    let edge = |t: usize| Edge { low: floor[t + 1].0, high: battery.max_stored.0, ..Edge::default() };
    let intervals = home.horizon.len();
    let mut store = Store {
        initial: battery.initial_stored.0,
        decay: home.horizon.lengths().map(|length| battery.retention(length)).collect(),
        drift: vec![0.0; intervals],
        edges: (0..intervals).map(edge).collect(),
    };
    if let Some(last) = store.edges.last_mut() {
        last.wish(battery.end_floor.0, battery.end_shortfall_price.0, -battery.end_value.0);
    }
    let least: Vec<f64> = (0..intervals).map(|t| discharge.gain[t] * discharge.most[t]).collect();
    let most: Vec<f64> = (0..intervals).map(|t| charge.gain[t] * charge.most[t]).collect();
    store.cut_to_reach(&least, &most);
    store
}
