//! A lower bound of the cost of arriving at a state, to discard states that no good schedule passes.
//!
//! A forward pass over convex functions of the state, one per edge and automaton state: in every interval the costs
//! of an arc's pieces are replaced by their convex hull, and so is the smaller of the functions that meet in one
//! automaton state. Convex functions are cheap: a step merges edges in the order of their slopes.

use super::convex::{Carried, Corner, add_penalty, coarsen, hull, hull_of_min, settle, split, trim};
use super::departure::Departure;
use super::problem::{Arc, Domain, Heater, Side, StoreProblem};

/// A wall is met only up to rounding; this bound lets states this far behind it.
const MARGIN: f64 = 1e-7;

/// What coarsening may cost per interval, ct.
const COARSE: f64 = 0.1;

/// The bound per edge and automaton state, without the penalty of that edge.
#[derive(Debug, Default)]
pub(super) struct Arrival {
    corners: Vec<Corner>,
    /// `[edge][automaton state]`.
    ranges: Vec<(usize, usize)>,
    states: usize,
    /// Per automaton state: the bound at the present edge with its penalty.
    now: Vec<Vec<Corner>>,
    next: Vec<Vec<Corner>>,
    steps: Vec<Corner>,
    moved: Vec<Corner>,
    spare: Vec<Corner>,
}

impl Arrival {
    /// Computes the bound of every edge, for schedules that cost at most `most`.
    pub(super) fn compute(&mut self, problem: &StoreProblem, departure: &Departure, most: f64) {
        self.states = problem.states;
        self.corners.clear();
        self.ranges.clear();
        self.ranges.resize(self.states, (0, 0));
        self.now.resize_with(self.states.max(self.now.len()), Vec::new);
        self.next.resize_with(self.states.max(self.next.len()), Vec::new);
        self.now.iter_mut().for_each(Vec::clear);
        self.now[problem.start_state].push(Corner { x: problem.start, y: 0.0 });
        for t in 0..problem.len() {
            self.cross(problem, departure, most, t);
        }
    }

    /// The bound at an edge; infinite where no corner lies.
    pub(super) fn get(&self, edge: usize, k: usize) -> &[Corner] {
        let (start, end) = self.ranges[edge * self.states + k];
        &self.corners[start..end]
    }

    /// The bound of a whole schedule, ct.
    pub(super) fn whole(&self) -> f64 {
        self.now[..self.states].iter().flatten().map(|corner| corner.y).fold(f64::INFINITY, f64::min)
    }

    /// The largest size of a bound, ct.
    pub(super) fn magnitude(&self) -> f64 {
        self.corners.iter().fold(0.0, |size: f64, corner| size.max(corner.y.abs()))
    }

    /// One interval.
    fn cross(&mut self, problem: &StoreProblem, departure: &Departure, most: f64, t: usize) {
        self.next.iter_mut().for_each(Vec::clear);
        let interval = &problem.intervals[t];
        for arc in problem.arcs(t) {
            if self.now[arc.from].is_empty() {
                continue;
            }
            self.steps(problem, arc, interval.heater);
            let from = Carried { chain: &self.now[arc.from], scale: interval.decay, shift: interval.drift };
            split(from, &self.steps, &mut self.moved);
            let target = &mut self.next[arc.to];
            if target.is_empty() {
                std::mem::swap(target, &mut self.moved);
            } else {
                hull_of_min(target, &self.moved, &mut self.spare);
                std::mem::swap(target, &mut self.spare);
            }
        }
        let edge = problem.edge(t + 1);
        for k in 0..self.states {
            let next = &mut self.next[k];
            settle(next, widened(edge.domain), &mut self.spare);
            trim(next, departure.get(t + 1), most);
            coarsen(next, COARSE);
            let start = self.corners.len();
            self.corners.extend_from_slice(next);
            self.ranges.push((start, self.corners.len()));
            add_penalty(next, &edge.penalty, &mut self.now[k]);
        }
    }

    /// The convex hull of the costs of an arc's pieces, with the heater.
    fn steps(&mut self, problem: &StoreProblem, arc: &Arc, heater: Option<Heater>) {
        self.moved.clear();
        for piece in problem.pieces(arc) {
            self.moved.push(Corner { x: piece.lo, y: piece.cost_lo });
            if !piece.is_fixed() {
                self.moved.push(Corner { x: piece.hi, y: piece.cost_hi });
            }
        }
        hull(&mut self.moved, &mut self.steps);
        if let Some(heater) = heater {
            let help = [Corner { x: 0.0, y: 0.0 }, Corner { x: heater.hi, y: heater.hi * heater.slope }];
            let steps = Carried { chain: &self.steps, scale: 1.0, shift: 0.0 };
            split(steps, &help, &mut self.spare);
            std::mem::swap(&mut self.steps, &mut self.spare);
        }
    }
}

/// A domain with a little more room behind its walls.
fn widened(mut domain: Domain) -> Domain {
    if domain.below == Side::Wall {
        domain.lo -= MARGIN;
    }
    if domain.above == Side::Wall {
        domain.hi += MARGIN;
    }
    domain
}
