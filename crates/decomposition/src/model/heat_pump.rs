//! A heat pump as one store per sink; where there are two, the rooms carry the compressor's automaton.

use offpeak_domain::{Compression, Home, HotWater, Rooms};

use super::automaton::{Action, Automaton};
use super::port::{Group, Port, Role};
use super::store::{Edge, Store, StoreDevice};
use super::{Model, Shared};
use crate::interval::MeterRule;

/// A sink's store with the ports that heat it.
struct Sink {
    store: Store,
    compressor: usize,
    heater: Option<usize>,
}

pub(super) fn add(model: &mut Model, home: &Home, index: usize) {
    let pump = &home.heat_pumps[index];
    let rooms = pump.rooms.as_ref().map(|rooms| rooms_sink(model, home, index, rooms));
    let water = pump.hot_water.as_ref().map(|water| water_sink(model, home, index, water));
    let ports = rooms.iter().chain(&water).map(|sink| sink.compressor).collect();
    model.groups.push(Group { ports, levels: Vec::new() });
    for heater in rooms.iter().chain(&water).filter_map(|sink| sink.heater) {
        model.groups.push(Group { ports: vec![heater], levels: Vec::new() });
    }
    let both = rooms.is_some() && water.is_some();
    let (main, served) = if rooms.is_some() { (rooms, water) } else { (water, None) };
    let Some(main) = main else { return };
    let mut actions = vec![Action::Port(main.compressor)];
    if both {
        actions.push(Action::Serve);
    }
    let held = pump.bound_by_state_before(model.intervals);
    let mut automaton = Automaton::compressor((pump.min_run, pump.min_pause), held, &actions);
    automaton.start_cost = pump.start_cost.0;
    automaton.start_caps = pump.start_caps.iter().map(|cap| (cap.intervals.clone(), cap.most)).collect();
    let strict = served.as_ref().map(|served| with_port(&automaton, served.compressor));
    model.stores.push(StoreDevice { store: main.store, automaton, strict: None, heater: main.heater });
    if let Some(served) = served {
        let main = model.stores.len() - 1;
        let automaton = Automaton::free(&[served.compressor]);
        model.stores.push(StoreDevice { store: served.store, automaton, strict, heater: served.heater });
        model.shared.push(Shared { main, served: main + 1 });
    }
}

/// The same automaton with `port` in the place of its own.
fn with_port(automaton: &Automaton, port: usize) -> Automaton {
    let mut automaton = automaton.clone();
    for arc in &mut automaton.arcs {
        if matches!(arc.action, Action::Port(_)) {
            arc.action = Action::Port(port);
        }
    }
    automaton
}

/// `theta[t+1] = a theta[t] + (1 - a) (outdoor + R (cop power + backup + gains))`
fn rooms_sink(model: &mut Model, home: &Home, index: usize, rooms: &Rooms) -> Sink {
    let resistance = rooms.building.resistance().0;
    let decay: Vec<f64> = home.horizon.lengths().map(|length| rooms.building.decay(length)).collect();
    let gain: Vec<f64> = decay.iter().map(|a| (1.0 - a) * resistance).collect();
    let drift = (0..decay.len())
        .map(|t| (1.0 - decay[t]) * (rooms.outdoor[t].0 + resistance * rooms.gains[t].0))
        .collect();
    let hours = model.grid.hours.clone();
    let band = |t: usize| {
        let price = rooms.discomfort_price.0 * hours[t];
        band(rooms.lowest[t].0, rooms.highest[t].0, price)
    };
    let mut edges: Vec<Edge> = (0..hours.len()).map(band).collect();
    if let Some(last) = edges.last_mut() {
        let (value, price) = (rooms.end_value_ct_per_k, rooms.end_shortfall_price_ct_per_k);
        last.wish(rooms.end_floor.0, price, -value);
    }
    let store = Store { initial: rooms.initial.0, decay, drift, edges };
    sink(
        model,
        store,
        &rooms.compression,
        rooms.backup_max.0,
        (&gain, [Role::Rooms(index), Role::Backup(index)]),
    )
}

/// `stored[t+1] = stored[t] (1 - loss h) + (cop power + heater) h - draw[t]`
fn water_sink(model: &mut Model, home: &Home, index: usize, water: &HotWater) -> Sink {
    let hours = model.grid.hours.clone();
    let band = |t: usize| {
        let price = water.discomfort_price_ct_per_kwh_h * hours[t];
        band(water.lowest[t].0, water.highest[t].0, price)
    };
    let mut edges: Vec<Edge> = (0..hours.len()).map(band).collect();
    if let Some(last) = edges.last_mut() {
        let (value, price) = (water.end_value_ct_per_kwh, water.end_shortfall_price_ct_per_kwh);
        last.wish(water.end_floor.0, price, -value);
    }
    let store = Store {
        initial: water.initial.0,
        decay: home.horizon.lengths().map(|length| 1.0 - water.loss_per_hour * length.0).collect(),
        drift: water.draw.iter().map(|draw| -draw.0).collect(),
        edges,
    };
    sink(
        model,
        store,
        &water.compression,
        water.heater_max.0,
        (&hours, [Role::HotWater(index), Role::Immersion(index)]),
    )
}

fn band(lowest: f64, highest: f64, price: f64) -> Edge {
    let mut edge = Edge { low: f64::NEG_INFINITY, high: f64::INFINITY, ..Edge::default() };
    edge.wish(lowest, price, 0.0);
    edge.wish(highest, 0.0, price);
    edge
}

/// Adds the ports of a sink; `gain` is in store units per kW of heat.
fn sink(
    model: &mut Model,
    mut store: Store,
    way: &Compression,
    heater_max: f64,
    (gain, roles): (&[f64], [Role; 2]),
) -> Sink {
    let intervals = gain.len();
    let compressor = model.add_port(Port {
        role: roles[0],
        sign: 1.0,
        least: way.min_power.iter().map(|power| power.0).collect(),
        most: way.max_power.iter().map(|power| power.0).collect(),
        rule: MeterRule::Free,
        gain: gain.iter().zip(&way.cop).map(|(gain, cop)| gain * cop).collect(),
        cost: vec![0.0; intervals],
        floor: f64::NEG_INFINITY,
    });
    let heater = (heater_max > 0.0).then(|| {
        model.add_port(Port {
            role: roles[1],
            sign: 1.0,
            least: vec![0.0; intervals],
            most: vec![heater_max; intervals],
            rule: MeterRule::Free,
            gain: gain.to_vec(),
            cost: vec![0.0; intervals],
            floor: f64::NEG_INFINITY,
        })
    });
    let most: Vec<f64> = (0..intervals)
        .map(|t| {
            let port = &model.ports[compressor];
            port.gain[t] * port.most[t] + gain[t] * heater_max
        })
        .collect();
    store.cut_to_reach(&vec![0.0; intervals], &most);
    Sink { store, compressor, heater }
}
