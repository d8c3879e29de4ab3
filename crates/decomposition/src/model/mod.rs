//! A home as the decomposition sees it: ports at the meter, scalar stores with automata behind them, runs of appliances.

mod appliance;
mod automaton;
mod battery;
mod ev;
mod grid;
mod heat_pump;
mod port;
mod reach;
mod store;

use offpeak_domain::Home;

use crate::interval::MeterRule;

pub(crate) use appliance::Run;
pub(crate) use automaton::{Action, Arc, Automaton};
pub(crate) use grid::Grid;
pub(crate) use port::{Group, Port, Role};
pub(crate) use store::{Edge, Hinge, StoreDevice};

/// A home in flat arrays. Ports, stores and groups refer to each other by index.
#[derive(Debug, Clone)]
pub(crate) struct Model {
    /// Number of intervals.
    pub(crate) intervals: usize,
    /// What flows anyway, prices and limits.
    pub(crate) grid: Grid,
    /// Every power that can be chosen.
    pub(crate) ports: Vec<Port>,
    /// Ports of which at most one is in use at a time.
    pub(crate) groups: Vec<Group>,
    /// Batteries, EVs, and the sinks of heat pumps.
    pub(crate) stores: Vec<StoreDevice>,
    /// Appliances.
    pub(crate) runs: Vec<Run>,
    /// Pairs of sinks that share a compressor: `(rooms, hot water)` as indices of stores.
    pub(crate) shared: Vec<Shared>,
    /// Group and position in it, per port.
    pub(crate) places: Vec<(usize, usize)>,
}

/// A compressor with two sinks. The first store carries its automaton; the second chooses its own intervals and pays for them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shared {
    /// Store of the sink that carries the automaton.
    pub(crate) main: usize,
    /// Store of the other sink.
    pub(crate) served: usize,
}

impl Model {
    pub(crate) fn of(home: &Home) -> Self {
        let mut model = Self {
            intervals: home.horizon.len(),
            grid: Grid::of(home),
            ports: Vec::new(),
            groups: Vec::new(),
            stores: Vec::new(),
            runs: Vec::new(),
            shared: Vec::new(),
            places: Vec::new(),
        };
        (0..home.batteries.len()).for_each(|index| battery::add(&mut model, home, index));
        (0..home.evs.len()).for_each(|index| ev::add(&mut model, home, index));
        (0..home.heat_pumps.len()).for_each(|index| heat_pump::add(&mut model, home, index));
        (0..home.appliances.len()).for_each(|index| appliance::add(&mut model, home, index));
        reach::cut_ruled_ports(&mut model);
        model.places = vec![(0, 0); model.ports.len()];
        for (group, members) in model.groups.iter().enumerate() {
            for (position, port) in members.ports.iter().enumerate() {
                model.places[*port] = (group, position);
            }
        }
        model
    }

    /// The pair that store `store` is the served one of, by index into `shared`.
    pub(crate) fn served_by(&self, store: usize) -> Option<usize> {
        self.shared.iter().position(|pair| pair.served == store)
    }

    /// The other sink of the compressor that serves `store`, by index of its store.
    pub(crate) fn partner(&self, store: usize) -> Option<usize> {
        self.shared.iter().find_map(|pair| match store {
            own if own == pair.main => Some(pair.served),
            own if own == pair.served => Some(pair.main),
            _ => None,
        })
    }

    /// The pair whose automaton store `store` carries, by index into `shared`.
    pub(crate) fn serves(&self, store: usize) -> Option<usize> {
        self.shared.iter().position(|pair| pair.main == store)
    }

    /// Whether a port is ever under a meter rule.
    pub(crate) fn has_meter_rules(&self) -> bool {
        let ruled = self.ports.iter().filter(|port| port.rule != MeterRule::Free);
        ruled.into_iter().any(|port| (0..self.intervals).any(|t| port.usable(t)))
    }

    fn add_port(&mut self, port: Port) -> usize {
        self.ports.push(port);
        self.ports.len() - 1
    }
}
