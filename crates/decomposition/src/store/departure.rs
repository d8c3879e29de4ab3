//! A lower bound of the cost still to come, to discard states early.
//!
//! A backward pass over convex functions of the state that forgets the automaton: in every interval all pieces of
//! all arcs are open, at their convex hull.

use super::convex::{Carried, Corner, add_penalty, coarsen, hull, push_hull, settle, split, value};
use super::problem::{Domain, Side, StoreProblem};
use super::reach::{Reach, Span};

/// What coarsening may cost per interval, ct. States are discarded far from the good ones: little depends on it.
const COARSE: f64 = 2.0;

/// The bound per edge, with the penalty of that edge.
#[derive(Debug, Default)]
pub(super) struct Departure {
    corners: Vec<Corner>,
    /// Per edge; edge 0 is not kept.
    ranges: Vec<(usize, usize)>,
    steps: Vec<Corner>,
    after: Vec<Corner>,
    heated: Vec<Corner>,
    spare: Vec<Corner>,
}

impl Departure {
    /// Computes the bound of every edge and returns that of a whole schedule, ct.
    pub(super) fn compute(&mut self, problem: &StoreProblem, reach: &Reach) -> f64 {
        let last = problem.len();
        if last == 0 {
            return 0.0;
        }
        self.corners.clear();
        self.ranges.clear();
        self.ranges.resize(last + 1, (0, 0));
        self.after.clear();
        let span = reach.settled_hull(last);
        if span.is_empty() {
            return f64::INFINITY;
        }
        self.after.push(Corner { x: span.lo, y: 0.0 });
        push_hull(&mut self.after, Corner { x: span.hi, y: 0.0 });
        self.keep(problem, last);
        for t in (1..last).rev() {
            self.cross(problem, reach, t);
            std::mem::swap(&mut self.after, &mut self.spare);
            settle(&mut self.after, walls(reach.settled_hull(t)), &mut self.spare);
            coarsen(&mut self.after, COARSE);
            self.keep(problem, t);
        }
        self.cross(problem, reach, 0);
        value(&self.spare, problem.start)
    }

    /// The bound at an edge.
    pub(super) fn get(&self, edge: usize) -> &[Corner] {
        let (start, end) = self.ranges[edge];
        &self.corners[start..end]
    }

    /// Adds the penalty of an edge and keeps the bound.
    fn keep(&mut self, problem: &StoreProblem, edge: usize) {
        add_penalty(&self.after, &problem.edge(edge).penalty, &mut self.spare);
        std::mem::swap(&mut self.after, &mut self.spare);
        let start = self.corners.len();
        self.corners.extend_from_slice(&self.after);
        self.ranges[edge] = (start, self.corners.len());
    }

    /// One interval, from `after` to `spare`.
    fn cross(&mut self, problem: &StoreProblem, reach: &Reach, t: usize) {
        let interval = &problem.intervals[t];
        let inverse = 1.0 / interval.decay;
        self.extend(problem.edge(t + 1).domain, reach.arriving_hull(t + 1));
        std::mem::swap(&mut self.after, &mut self.spare);
        self.steps(problem, reach, t, inverse);
        let mut after = Carried { chain: &self.after, scale: inverse, shift: -interval.drift * inverse };
        if let Some(heater) = interval.heater {
            let help =
                [Corner { x: -heater.hi * inverse, y: heater.hi * heater.slope }, Corner { x: 0.0, y: 0.0 }];
            split(after, &help, &mut self.heated);
            after = Carried { chain: &self.heated, scale: 1.0, shift: 0.0 };
        }
        split(after, &self.steps, &mut self.spare);
    }

    /// Continues the function outside a domain that moves states back, from `after` to `spare`.
    fn extend(&mut self, domain: Domain, arriving: Span) {
        self.spare.clear();
        let (Some(first), Some(last)) = (self.after.first(), self.after.last()) else { return };
        if let Side::Clamp(price) = domain.below
            && arriving.lo < first.x
        {
            self.spare.push(Corner { x: arriving.lo, y: first.y + price * (first.x - arriving.lo) });
        }
        self.after.iter().for_each(|corner| push_hull(&mut self.spare, *corner));
        if let Side::Clamp(price) = domain.above
            && arriving.hi > last.x
        {
            push_hull(&mut self.spare, Corner { x: arriving.hi, y: last.y + price * (arriving.hi - last.x) });
        }
    }

    /// The convex hull of all pieces of an interval: the state before over the state after.
    fn steps(&mut self, problem: &StoreProblem, reach: &Reach, t: usize, inverse: f64) {
        self.spare.clear();
        for arc in problem.arcs(t).iter().filter(|arc| !reach.settled(t, arc.from).is_empty()) {
            for piece in problem.pieces(arc) {
                self.spare.push(Corner { x: -piece.lo * inverse, y: piece.cost_lo });
                if !piece.is_fixed() {
                    self.spare.push(Corner { x: -piece.hi * inverse, y: piece.cost_hi });
                }
            }
        }
        hull(&mut self.spare, &mut self.steps);
    }
}

/// A span as a domain that nothing leaves.
fn walls(span: Span) -> Domain {
    Domain { lo: span.lo, hi: span.hi, below: Side::Wall, above: Side::Wall }
}
