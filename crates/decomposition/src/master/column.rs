//! One way of one device through the horizon, as the master sees it.

use crate::allowed::Allowed;
use crate::model::{Action, Model};
use crate::oracle::{Placement, Trace, may};

/// What has columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Device {
    /// A store, by index.
    Store(usize),
    /// An appliance's run, by index.
    Run(usize),
}

/// A way: powers, what of a shared compressor it takes or gives, its own cost.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    pub(crate) device: Device,
    /// kW per interval of each port it uses.
    pub(crate) powers: Vec<(usize, Vec<f64>)>,
    /// Intervals in which the compressor serves the other sink (main store), or this one (served store).
    pub(crate) serves: Vec<bool>,
    /// What happens in each interval, for a store.
    pub(crate) actions: Vec<Action>,
    /// Where the parts run, for an appliance.
    pub(crate) placement: Placement,
    /// Cost without any price on its power, ct.
    pub(crate) cost: f64,
}

impl Column {
    /// The way of a store in `trace`.
    pub(crate) fn of_store(model: &Model, store: usize, trace: &Trace) -> Self {
        let device = &model.stores[store];
        let mut powers: Vec<(usize, Vec<f64>)> =
            device.ports().chain(device.heater).map(|port| (port, vec![0.0; model.intervals])).collect();
        for (port, slots) in &mut powers {
            for (t, slot) in slots.iter_mut().enumerate() {
                if trace.action[t] == Action::Port(*port) {
                    *slot = trace.power[t];
                } else if device.heater == Some(*port) {
                    *slot = trace.heater[t];
                }
            }
        }
        let served = model.served_by(store).is_some();
        let serves = trace.action.iter().map(|action| match action {
            Action::Serve => true,
            Action::Port(_) => served,
            Action::Idle => false,
        });
        let cost = own_cost(model, store, &powers, trace.starts.len());
        Self {
            device: Device::Store(store),
            serves: serves.collect(),
            actions: trace.action.clone(),
            placement: Placement::new(),
            powers,
            cost,
        }
    }

    /// The way of an appliance.
    pub(crate) fn of_run(model: &Model, run: usize, placement: &Placement) -> Self {
        let data = &model.runs[run];
        let mut power = vec![0.0; model.intervals];
        placement.iter().zip(&data.profile).for_each(|(t, kw)| power[*t] = *kw);
        Self {
            device: Device::Run(run),
            powers: vec![(data.port, power)],
            serves: Vec::new(),
            actions: Vec::new(),
            placement: placement.clone(),
            cost: if placement.is_empty() { data.skip_penalty } else { 0.0 },
        }
    }

    /// Whether it does only what `allowed` leaves.
    pub(crate) fn keeps_to(&self, model: &Model, allowed: &Allowed) -> bool {
        let Device::Store(store) = self.device else { return true };
        self.actions.iter().enumerate().all(|(t, action)| may(model, allowed, (store, false), *action, t))
    }

    /// Whether both are the same way.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let close = |a: &[f64], b: &[f64]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-6);
        self.device == other.device
            && self.serves == other.serves
            && self.powers.iter().zip(&other.powers).all(|(a, b)| close(&a.1, &b.1))
    }
}

/// Wear, starts and what the edges cost, ct.
fn own_cost(model: &Model, store: usize, powers: &[(usize, Vec<f64>)], starts: usize) -> f64 {
    let device = &model.stores[store];
    let mut cost = device.automaton.start_cost * starts as f64;
    let mut x = device.store.initial;
    for (t, edge) in device.store.edges.iter().enumerate() {
        x = device.store.decay[t] * x + device.store.drift[t];
        for (port, power) in powers {
            x += model.ports[*port].gain[t] * power[t];
            cost += model.ports[*port].cost[t] * power[t];
        }
        if let Some(price) = edge.lift_price.filter(|_| x < edge.low) {
            cost += price * (edge.low - x);
            x = edge.low;
        }
        cost += edge.cost(x);
    }
    cost
}
