//! Which states can be reached at all.
//!
//! The functions of the backward pass are needed only there, and most of them are much shorter for it: near the
//! start of the horizon a store cannot be far from where it is.

use super::problem::{Domain, Side, StoreProblem};

/// States are reached up to rounding; every interval widens its span by this much.
const MARGIN: f64 = 1e-7;

/// A closed interval of states; empty if `lo > hi`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Span {
    pub(super) lo: f64,
    pub(super) hi: f64,
}

impl Span {
    pub(super) const EMPTY: Self = Self { lo: f64::INFINITY, hi: f64::NEG_INFINITY };

    pub(super) fn is_empty(self) -> bool {
        self.lo > self.hi
    }

    /// The hull of both.
    pub(super) fn hull(self, other: Self) -> Self {
        Self { lo: self.lo.min(other.lo), hi: self.hi.max(other.hi) }
    }
}

/// The reachable states per edge and automaton state.
#[derive(Debug, Default)]
pub(super) struct Reach {
    states: usize,
    /// `[edge][automaton state]`, before the domain of the edge raises or lowers the state.
    arriving: Vec<Span>,
    /// The same after it: what the functions are needed on.
    settled: Vec<Span>,
}

impl Reach {
    /// Propagates the spans from the start.
    pub(super) fn compute(&mut self, problem: &StoreProblem) {
        self.states = problem.states;
        let len = (problem.len() + 1) * self.states;
        for spans in [&mut self.arriving, &mut self.settled] {
            spans.clear();
            spans.resize(len, Span::EMPTY);
        }
        let start = Span { lo: problem.start - MARGIN, hi: problem.start + MARGIN };
        self.settled[problem.start_state] = start;
        for t in 0..problem.len() {
            self.cross(problem, t);
        }
    }

    /// States with which edge `edge` is reached in automaton state `k`, before its domain acts.
    pub(super) fn arriving(&self, edge: usize, k: usize) -> Span {
        self.arriving[edge * self.states + k]
    }

    /// States held at edge `edge` in automaton state `k`.
    pub(super) fn settled(&self, edge: usize, k: usize) -> Span {
        self.settled[edge * self.states + k]
    }

    /// The hull of `arriving` over the automaton states.
    pub(super) fn arriving_hull(&self, edge: usize) -> Span {
        hull(&self.arriving[edge * self.states..(edge + 1) * self.states])
    }

    /// The hull of `settled` over the automaton states.
    pub(super) fn settled_hull(&self, edge: usize) -> Span {
        hull(&self.settled[edge * self.states..(edge + 1) * self.states])
    }

    /// One interval, from its arcs' hulls.
    fn cross(&mut self, problem: &StoreProblem, t: usize) {
        let interval = &problem.intervals[t];
        let help = interval.heater.map_or(0.0, |heater| heater.hi);
        for arc in problem.arcs(t) {
            let from = self.settled(t, arc.from);
            if from.is_empty() {
                continue;
            }
            let base = Span {
                lo: interval.decay * from.lo + interval.drift - MARGIN,
                hi: interval.decay * from.hi + interval.drift + help + MARGIN,
            };
            let target = &mut self.arriving[(t + 1) * self.states + arc.to];
            for piece in problem.pieces(arc) {
                *target = target.hull(Span { lo: base.lo + piece.lo, hi: base.hi + piece.hi });
            }
        }
        let domain = problem.edge(t + 1).domain;
        for k in 0..self.states {
            let place = (t + 1) * self.states + k;
            self.settled[place] = settle(self.arriving[place], domain);
        }
    }
}

fn hull(spans: &[Span]) -> Span {
    spans.iter().fold(Span::EMPTY, |all, span| all.hull(*span))
}

/// The states left by a domain: one side moved back to its end leaves at least that end.
fn settle(span: Span, domain: Domain) -> Span {
    if span.is_empty() {
        return span;
    }
    let mut left = Span { lo: span.lo.max(domain.lo), hi: span.hi.min(domain.hi) };
    if matches!(domain.below, Side::Clamp(_)) {
        left.hi = left.hi.max(domain.lo);
    }
    if matches!(domain.above, Side::Clamp(_)) {
        left.lo = left.lo.min(domain.hi);
    }
    left
}
