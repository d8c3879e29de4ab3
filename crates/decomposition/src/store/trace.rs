//! The forward trace: a schedule, re-optimised interval by interval against the value functions.

use super::problem::{Arc, Domain, Heater, Interval, Piece, Side, StoreProblem};
use super::segment::{STATE_TOLERANCE, Segment, overlapping, value_near};
use super::values::Values;

/// A schedule of a store and what it costs.
#[derive(Clone, Debug, Default)]
pub(crate) struct StorePath {
    /// Per interval: the index of the arc among the arcs of the interval.
    pub(crate) arc: Vec<usize>,
    /// Per interval: the index of the piece among the pieces of the arc.
    pub(crate) piece: Vec<usize>,
    /// Per interval: the step of the piece, store units.
    pub(crate) step: Vec<f64>,
    /// Per interval: the step of the heater, store units.
    pub(crate) heater: Vec<f64>,
    /// Per edge: the stored energy or temperature.
    pub(crate) state: Vec<f64>,
    /// Exact cost of this schedule, ct; infinite if it was broken off.
    pub(crate) cost: f64,
}

/// The best decision found so far at one state.
#[derive(Clone, Copy, Debug)]
struct Choice {
    /// Its cost plus the value after it, ct.
    value: f64,
    arc: usize,
    piece: usize,
    /// Where the state arrives, before the domain acts.
    arrival: f64,
}

impl StorePath {
    fn clear(&mut self, start: f64) {
        self.arc.clear();
        self.piece.clear();
        self.step.clear();
        self.heater.clear();
        self.state.clear();
        self.state.push(start);
        self.cost = 0.0;
    }

    /// Follows the best decisions from the start. Returns the value of the first, a lower bound of the optimum up
    /// to rounding; none if the store has no schedule.
    pub(super) fn trace(&mut self, problem: &StoreProblem, values: &Values) -> Option<f64> {
        self.clear(problem.start);
        let (mut x, mut k) = (problem.start, problem.start_state);
        let mut bound = None;
        for t in 0..problem.len() {
            let Some(choice) = best(problem, values, t, x, k) else {
                self.cost = f64::INFINITY;
                return bound;
            };
            bound.get_or_insert(choice.value);
            (x, k) = self.follow(problem, t, x, choice);
        }
        Some(bound.unwrap_or(0.0))
    }

    /// Takes one decision: exact step, state and cost.
    fn follow(&mut self, problem: &StoreProblem, t: usize, x: f64, choice: Choice) -> (f64, usize) {
        let interval = &problem.intervals[t];
        let arc = &problem.arcs(t)[choice.arc];
        let piece = &problem.pieces(arc)[choice.piece];
        let free = interval.decay * x + interval.drift;
        let (step, heat) = share(piece, interval.heater, choice.arrival - free);
        let edge = problem.edge(t + 1);
        let (next, price) = edge.domain.settle(free + step + heat);
        let help = interval.heater.map_or(0.0, |heater| heater.slope * heat);
        self.cost += piece.cost(step) + help + price + edge.penalty.at(next);
        self.arc.push(choice.arc);
        self.piece.push(choice.piece);
        self.step.push(step);
        self.heater.push(heat);
        self.state.push(next);
        (next, arc.to)
    }
}

/// Splits a movement into the step of the piece and the heater's: the cheaper one first.
fn share(piece: &Piece, heater: Option<Heater>, movement: f64) -> (f64, f64) {
    let Some(heater) = heater else {
        return (snap(movement, piece.lo, piece.hi), 0.0);
    };
    if piece.slope() <= heater.slope || piece.is_fixed() {
        let step = snap(movement, piece.lo, piece.hi);
        (step, snap(movement - step, 0.0, heater.hi))
    } else {
        let heat = snap(movement - piece.lo, 0.0, heater.hi);
        (snap(movement - heat, piece.lo, piece.hi), heat)
    }
}

/// Pulls `x` into `[lo, hi]`, and onto an end that it misses by rounding only.
fn snap(x: f64, lo: f64, hi: f64) -> f64 {
    const ROUNDING: f64 = 1e-12;
    if x <= lo + ROUNDING {
        lo
    } else if x >= hi - ROUNDING {
        hi
    } else {
        x
    }
}

/// The best decision at state `x`, automaton state `k`, edge `t`.
fn best(problem: &StoreProblem, values: &Values, t: usize, x: f64, k: usize) -> Option<Choice> {
    let interval = &problem.intervals[t];
    let domain = problem.edge(t + 1).domain;
    let mut best = Choice { value: f64::INFINITY, arc: 0, piece: 0, arrival: 0.0 };
    for (a, arc) in problem.arcs(t).iter().enumerate().filter(|(_, arc)| arc.from == k) {
        let after = values.get(t + 1, arc.to);
        for (p, piece) in problem.pieces(arc).iter().enumerate() {
            let mut look = Look::new(interval, piece, interval.decay * x + interval.drift);
            look.through(after, arc, domain);
            if look.value < best.value {
                best = Choice { value: look.value, arc: a, piece: p, arrival: look.arrival };
            }
        }
    }
    (best.value < f64::INFINITY).then_some(best)
}

/// The minimisation over one piece and the heater: over the state `y` on arrival, at a convex cost of two slopes.
struct Look<'a> {
    piece: &'a Piece,
    heater: Option<Heater>,
    free: f64,
    /// Arrivals that can be chosen.
    lo: f64,
    hi: f64,
    /// Where the cheaper of the two movements is used up.
    kink: f64,
    value: f64,
    arrival: f64,
}

impl<'a> Look<'a> {
    fn new(interval: &Interval, piece: &'a Piece, free: f64) -> Self {
        let help = interval.heater.map_or(0.0, |heater| heater.hi);
        let heater_first =
            interval.heater.is_some_and(|heater| heater.slope < piece.slope()) && !piece.is_fixed();
        let kink = free + if heater_first { piece.lo + help } else { piece.hi };
        Self {
            piece,
            heater: interval.heater,
            free,
            lo: free + piece.lo,
            hi: free + piece.hi + help,
            kink,
            value: f64::INFINITY,
            arrival: 0.0,
        }
    }

    /// Tries every segment of the function that can be reached, and what the domain adds at its ends.
    fn through(&mut self, after: &[Segment], arc: &Arc, domain: Domain) {
        if let Side::Clamp(price) = domain.below
            && self.lo < domain.lo
            && arc.floor <= domain.lo
        {
            let y = value_near(after, domain.lo, STATE_TOLERANCE);
            self.try_segment(
                &Segment::new(self.lo, y + price * (domain.lo - self.lo), domain.lo, y),
                f64::NEG_INFINITY,
            );
        }
        let near = overlapping(after, self.lo - STATE_TOLERANCE, self.hi + STATE_TOLERANCE);
        for segment in &after[near] {
            self.try_segment(segment, arc.floor);
        }
        if let Side::Clamp(price) = domain.above
            && self.hi > domain.hi
            && arc.floor <= domain.hi
        {
            let y = value_near(after, domain.hi, STATE_TOLERANCE);
            self.try_segment(
                &Segment::new(domain.hi, y, self.hi, y + price * (self.hi - domain.hi)),
                f64::NEG_INFINITY,
            );
        }
    }

    /// The minimum on one segment lies at its ends, or at the kink of the cost.
    fn try_segment(&mut self, segment: &Segment, floor: f64) {
        let lo = segment.x0.max(floor).max(self.lo);
        let hi = segment.x1.min(self.hi);
        if lo > hi + STATE_TOLERANCE {
            return;
        }
        self.try_arrival(segment, lo.min(self.hi));
        self.try_arrival(segment, hi.max(self.lo));
        if self.kink > lo && self.kink < hi {
            self.try_arrival(segment, self.kink);
        }
    }

    fn try_arrival(&mut self, segment: &Segment, arrival: f64) {
        let (step, heat) = share(self.piece, self.heater, arrival - self.free);
        let help = self.heater.map_or(0.0, |heater| heater.slope * heat);
        let value = segment.at(arrival) + self.piece.cost(step) + help;
        if value < self.value {
            (self.value, self.arrival) = (value, arrival);
        }
    }
}
