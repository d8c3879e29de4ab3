//! What a store may do: the data of one minimisation, in flat arrays that are reused from call to call.

use std::ops::Range;

use super::penalty::{Hinge, Penalty};

/// One continuous alternative of an arc: a step `u` in `[lo, hi]`, store units, at a cost that is linear from
/// `cost_lo` to `cost_hi`, ct. `lo == hi` is a fixed step (then `cost_lo` counts).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Piece {
    pub(crate) lo: f64,
    pub(crate) hi: f64,
    pub(crate) cost_lo: f64,
    pub(crate) cost_hi: f64,
}

impl Piece {
    /// No step, at `cost` ct.
    pub(crate) const fn hold(cost: f64) -> Self {
        Self { lo: 0.0, hi: 0.0, cost_lo: cost, cost_hi: cost }
    }

    /// Whether the step is a single value.
    pub(super) fn is_fixed(&self) -> bool {
        self.hi <= self.lo
    }

    /// Cost per store unit; 0 for a fixed step.
    pub(super) fn slope(&self) -> f64 {
        if self.is_fixed() { 0.0 } else { (self.cost_hi - self.cost_lo) / (self.hi - self.lo) }
    }

    /// Cost of the step `u`, ct: exact at both ends.
    pub(super) fn cost(&self, u: f64) -> f64 {
        if u <= self.lo {
            self.cost_lo
        } else if u >= self.hi {
            self.cost_hi
        } else {
            self.cost_lo + (u - self.lo) / (self.hi - self.lo) * (self.cost_hi - self.cost_lo)
        }
    }
}

/// A transition of the automaton in one interval; its pieces are alternatives.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Arc {
    pub(crate) from: usize,
    pub(crate) to: usize,
    /// The state after the interval must be at least this; `-inf` for no rule.
    pub(crate) floor: f64,
    /// Its pieces, as a range of all pieces of the problem.
    pub(crate) pieces: Range<usize>,
}

/// What happens when the state would pass an end of its domain.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Side {
    /// It may not.
    Wall,
    /// It is moved back to the end, at this many ct per store unit (not negative).
    Clamp(f64),
}

/// The states allowed at an edge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Domain {
    pub(crate) lo: f64,
    pub(crate) hi: f64,
    pub(crate) below: Side,
    pub(crate) above: Side,
}

impl Domain {
    /// Every state.
    pub(crate) const FREE: Self =
        Self { lo: f64::NEG_INFINITY, hi: f64::INFINITY, below: Side::Wall, above: Side::Wall };

    /// The state and the price paid when the store arrives at `y`.
    pub(super) fn settle(&self, y: f64) -> (f64, f64) {
        match (self.below, self.above) {
            (Side::Clamp(price), _) if y < self.lo => (self.lo, price * (self.lo - y)),
            (_, Side::Clamp(price)) if y > self.hi => (self.hi, price * (y - self.hi)),
            _ => (y, 0.0),
        }
    }
}

/// The continuous helper of one interval: `v` in `[0, hi]` at `slope` ct per store unit, beside every arc.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Heater {
    pub(super) hi: f64,
    pub(super) slope: f64,
}

/// One interval: `x -> decay x + drift + step`, and its arcs.
#[derive(Clone, Debug)]
pub(super) struct Interval {
    pub(super) decay: f64,
    pub(super) drift: f64,
    pub(super) heater: Option<Heater>,
    arcs: Range<usize>,
}

/// One edge between intervals; edge 0 is the given state and has no rules.
#[derive(Clone, Debug)]
pub(super) struct Edge {
    pub(super) domain: Domain,
    pub(super) penalty: Penalty,
}

/// The data of one minimisation. Built in order: `reset`, then per interval `interval`, its `heater` and its arcs
/// (`arc` followed by its `piece`s); the edges in any order.
#[derive(Clone, Debug, Default)]
pub(crate) struct StoreProblem {
    pub(super) intervals: Vec<Interval>,
    pub(super) states: usize,
    pub(super) start: f64,
    pub(super) start_state: usize,
    arcs: Vec<Arc>,
    pieces: Vec<Piece>,
    edges: Vec<Edge>,
}

impl StoreProblem {
    /// Empties the problem: `edges` = number of intervals + 1, `states` of the automaton, the state `start` and the
    /// automaton state `start_state` at edge 0. Every edge gets a free domain and no penalty.
    pub(crate) fn reset(&mut self, edges: usize, states: usize, start: f64, start_state: usize) {
        (self.states, self.start, self.start_state) = (states, start, start_state);
        self.intervals.clear();
        self.arcs.clear();
        self.pieces.clear();
        self.edges.resize_with(edges, || Edge { domain: Domain::FREE, penalty: Penalty::default() });
        for edge in &mut self.edges {
            edge.domain = Domain::FREE;
            edge.penalty.clear();
        }
    }

    /// Begins the next interval: `x -> decay x + drift + step`, `decay > 0`.
    pub(crate) fn interval(&mut self, decay: f64, drift: f64) {
        let arcs = self.arcs.len()..self.arcs.len();
        self.intervals.push(Interval { decay, drift, heater: None, arcs });
    }

    /// Adds to the last interval a continuous help in `[0, hi]` store units at `slope` ct per unit.
    pub(crate) fn heater(&mut self, hi: f64, slope: f64) {
        if let Some(interval) = self.intervals.last_mut() {
            interval.heater = (hi > 0.0).then_some(Heater { hi, slope });
        }
    }

    /// Begins the next arc of the last interval; the state after it must be at least `floor`.
    pub(crate) fn arc(&mut self, from: usize, to: usize, floor: f64) {
        self.arcs.push(Arc { from, to, floor, pieces: self.pieces.len()..self.pieces.len() });
        if let Some(interval) = self.intervals.last_mut() {
            interval.arcs.end = self.arcs.len();
        }
    }

    /// Adds a piece to the last arc.
    pub(crate) fn piece(&mut self, piece: Piece) {
        self.pieces.push(piece);
        if let Some(arc) = self.arcs.last_mut() {
            arc.pieces.end = self.pieces.len();
        }
    }

    /// Sets the domain of edge `edge` (1 ..= intervals).
    pub(crate) fn domain(&mut self, edge: usize, domain: Domain) {
        self.edges[edge].domain = domain;
    }

    /// Adds `below * max(0, at - x) + above * max(0, x - at)` to the penalty of an edge. A slope may be negative:
    /// `-v min(x, target)` is `hinge(edge, target, v, 0.0)` and `constant(edge, -v * target)`.
    pub(crate) fn hinge(&mut self, edge: usize, at: f64, below: f64, above: f64) {
        self.edges[edge].penalty.add(Hinge { at, below, above });
    }

    /// Adds a constant to the penalty of an edge, ct.
    pub(crate) fn constant(&mut self, edge: usize, cost: f64) {
        self.edges[edge].penalty.add_constant(cost);
    }

    /// Number of intervals.
    pub(crate) fn len(&self) -> usize {
        self.intervals.len()
    }

    /// The arcs of an interval.
    pub(crate) fn arcs(&self, t: usize) -> &[Arc] {
        &self.arcs[self.intervals[t].arcs.clone()]
    }

    /// The pieces of an arc.
    pub(crate) fn pieces(&self, arc: &Arc) -> &[Piece] {
        &self.pieces[arc.pieces.clone()]
    }

    pub(super) fn edge(&self, edge: usize) -> &Edge {
        &self.edges[edge]
    }

    /// The steepest penalty or piece, ct per store unit: what an error in the state can cost.
    pub(super) fn steepness(&self) -> f64 {
        let penalties = self.edges.iter().map(|edge| edge.penalty.steepness()).fold(0.0, f64::max);
        self.pieces.iter().map(|piece| piece.slope().abs()).fold(penalties, f64::max)
    }
}
