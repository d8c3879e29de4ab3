//! A scalar store: stored energy or a temperature, with what its owner wishes at every edge.

use super::automaton::{Action, Automaton};

/// `x[t+1] = decay[t] x[t] + drift[t] + steps of the ports`, then lifted to the edge's low where that has a price.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    /// At the first edge.
    pub(crate) initial: f64,
    /// Share that is left after an interval.
    pub(crate) decay: Vec<f64>,
    /// What is added in an interval whatever the ports do.
    pub(crate) drift: Vec<f64>,
    /// Edges 1..=T, by interval they end.
    pub(crate) edges: Vec<Edge>,
}

/// What holds and what is wished for at an edge.
#[derive(Debug, Clone, Default)]
pub(crate) struct Edge {
    /// Least state.
    pub(crate) low: f64,
    /// Most state.
    pub(crate) high: f64,
    /// Price in ct per unit at which a lower state is lifted to `low`; none where it may not be lower.
    pub(crate) lift_price: Option<f64>,
    /// Wishes; their sum is convex.
    pub(crate) hinges: Vec<Hinge>,
    /// Constant cost in ct.
    pub(crate) constant: f64,
}

/// `below max(0, at - x) + above max(0, x - at)`, in ct; `below + above >= 0`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hinge {
    /// Where the slope changes.
    pub(crate) at: f64,
    /// ct per unit below.
    pub(crate) below: f64,
    /// ct per unit above.
    pub(crate) above: f64,
}

impl Hinge {
    pub(crate) fn cost(&self, x: f64) -> f64 {
        if x < self.at { self.below * (self.at - x) } else { self.above * (x - self.at) }
    }
}

impl Edge {
    /// Cost of state `x`.
    pub(crate) fn cost(&self, x: f64) -> f64 {
        self.constant + self.hinges.iter().map(|hinge| hinge.cost(x)).sum::<f64>()
    }

    pub(crate) fn wish(&mut self, at: f64, below: f64, above: f64) {
        if below.abs() > 0.0 || above.abs() > 0.0 {
            self.hinges.push(Hinge { at, below, above });
        }
    }
}

/// A store with the automaton of what may move it.
#[derive(Debug, Clone)]
pub(crate) struct StoreDevice {
    /// The store.
    pub(crate) store: Store,
    /// What may move it.
    pub(crate) automaton: Automaton,
    /// The whole compressor's automaton, for a second sink that plans by itself with the first one settled.
    pub(crate) strict: Option<Automaton>,
    /// A port that may be used next to any action of the automaton.
    pub(crate) heater: Option<usize>,
}

impl StoreDevice {
    /// The ports that the automaton uses.
    pub(crate) fn ports(&self) -> impl Iterator<Item = usize> + '_ {
        let arcs = &self.automaton.arcs;
        arcs.iter().enumerate().filter_map(|(index, arc)| match arc.action {
            Action::Port(port) if !arcs[..index].iter().any(|before| before.action == arc.action) => {
                Some(port)
            }
            _ => None,
        })
    }
}

impl Store {
    /// Widens every domain to what can be reached at all and cuts it to that, so that no piece lies where no plan goes.
    ///
    /// `least` and `most` are the steps that the ports can add in an interval.
    pub(crate) fn cut_to_reach(&mut self, least: &[f64], most: &[f64]) {
        let (mut low, mut high) = (self.initial, self.initial);
        for (t, edge) in self.edges.iter_mut().enumerate() {
            let margin = MARGIN * (1.0 + low.abs().max(high.abs()));
            low = self.decay[t] * low + self.drift[t] + least[t] - margin;
            high = self.decay[t] * high + self.drift[t] + most[t] + margin;
            if edge.lift_price.is_some() {
                low = low.max(edge.low);
                high = high.max(edge.low);
            } else {
                edge.low = edge.low.max(low);
            }
            edge.high = edge.high.min(high);
            low = low.max(edge.low);
            high = high.min(edge.high);
        }
    }
}

/// Relative slack at a wall, lest a state exactly at it is lost to rounding.
const MARGIN: f64 = 1e-9;
