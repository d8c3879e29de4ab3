//! An EV as a store with one port per charging range and one for discharge.

use offpeak_domain::{Ev, EvDischarge, Home, PowerRange};

use super::Model;
use super::automaton::Automaton;
use super::port::{Group, Port, Role};
use super::store::{Edge, Store, StoreDevice};
use crate::interval::MeterRule;

pub(super) fn add(model: &mut Model, home: &Home, index: usize) {
    let ev = &home.evs[index];
    let connected = ev.connected(model.intervals);
    let mut ports = Vec::new();
    for mode in ev.joined_modes().iter().filter(|mode| mode.max.0 > 0.0) {
        ports.push(charge(model, (index, ev), *mode, &connected));
    }
    if let Some(discharge) = ev.discharge.as_ref().filter(|discharge| discharge.power.max.0 > 0.0) {
        ports.push(feed(model, (index, discharge), &connected));
    }
    let ports: Vec<usize> = ports.into_iter().map(|port| model.add_port(port)).collect();
    let store = store(model, home, ev, &ports, &connected);
    let automaton = Automaton::free(&ports);
    model.groups.push(Group { ports, levels: Vec::new() });
    model.stores.push(StoreDevice { store, automaton, strict: None, heater: None });
}

fn charge(model: &Model, (index, ev): (usize, &Ev), mode: PowerRange, connected: &[bool]) -> Port {
    let hours = &model.grid.hours;
    Port {
        role: Role::EvCharge(index),
        sign: 1.0,
        least: vec![mode.min.0; hours.len()],
        most: connected.iter().map(|here| if *here { mode.max.0 } else { 0.0 }).collect(),
        rule: MeterRule::Free,
        gain: hours.iter().map(|h| h * ev.charge_efficiency).collect(),
        cost: vec![0.0; hours.len()],
        floor: f64::NEG_INFINITY,
    }
}

fn feed(model: &Model, (index, discharge): (usize, &EvDischarge), connected: &[bool]) -> Port {
    let hours = &model.grid.hours;
    Port {
        role: Role::EvDischarge(index),
        sign: -1.0,
        least: vec![discharge.power.min.0; hours.len()],
        most: connected.iter().map(|here| if *here { discharge.power.max.0 } else { 0.0 }).collect(),
        rule: if discharge.grid_export { MeterRule::Free } else { MeterRule::NotWhileExporting },
        gain: hours.iter().map(|h| -h / discharge.efficiency).collect(),
        cost: hours.iter().map(|h| h * discharge.wear.0).collect(),
        floor: discharge.reserve.0,
    }
}

fn store(model: &Model, home: &Home, ev: &Ev, ports: &[usize], connected: &[bool]) -> Store {
    let intervals = home.horizon.len();
    let driven = ev.driven(intervals);
    let mut edges: Vec<Edge> = (0..intervals)
        .map(|t| Edge {
            low: 0.0,
            high: ev.capacity.0,
            // What the car does not hold for a trip was charged elsewhere.
            lift_price: (driven[t].0 > 0.0).then_some(ev.shortfall_price.0),
            ..Edge::default()
        })
        .collect();
    add_wishes(ev, &model.grid.hours, connected, &mut edges);
    let mut store = Store {
        initial: ev.initial_energy.0,
        decay: vec![1.0; intervals],
        drift: driven.iter().map(|driven| -driven.0).collect(),
        edges,
    };
    let step = |t: usize, up: bool| {
        let steps = ports.iter().map(|port| model.ports[*port].gain[t] * model.ports[*port].most[t]);
        steps.fold(0.0, |sum: f64, step| if up { sum.max(step) } else { sum.min(step) })
    };
    let least: Vec<f64> = (0..intervals).map(|t| step(t, false)).collect();
    let most: Vec<f64> = (0..intervals).map(|t| step(t, true)).collect();
    store.cut_to_reach(&least, &most);
    store
}

/// Departures, urgency while connected, and the worth of what is left at the end.
fn add_wishes(ev: &Ev, hours: &[f64], connected: &[bool], edges: &mut [Edge]) {
    for session in &ev.sessions {
        // A session of no interval at the very beginning departs with what the car holds anyway.
        if let (Some(target), Some(departure)) = (session.target, session.connected.end.checked_sub(1)) {
            edges[departure].wish(target.0, ev.shortfall_price.0, 0.0);
        }
    }
    if let Some(urgent) = &ev.urgent {
        for t in (0..edges.len()).filter(|t| connected[*t]) {
            edges[t].wish(urgent.energy.0, urgent.price_ct_per_kwh_h * hours[t], 0.0);
        }
    }
    if let (Some(end), Some(last)) = (&ev.end, edges.last_mut()) {
        // -value min(x, target) = value max(0, target - x) - value target
        last.wish(end.target.0, end.value.0, 0.0);
        last.constant -= end.value.0 * end.target.0;
    }
}
