//! The functions of one backward pass, and how one is written: mapped, penalised, filtered, simplified.

use super::cutoff::Filter;
use super::penalty::{Penalty, Walk};
use super::problem::StoreProblem;
use super::reach::Span;
use super::segment::Segment;
use super::simplify::Funnel;

/// All functions of one backward pass.
#[derive(Debug, Default)]
pub(super) struct Values {
    segments: Vec<Segment>,
    /// `[edge][automaton state]`: first and past-the-last segment.
    ranges: Vec<(usize, usize)>,
    states: usize,
}

/// How a function before the step becomes one at the edge: `x = (z - drift) / decay` within a span.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame<'a> {
    drift: f64,
    inverse: f64,
    span: Span,
    penalty: &'a Penalty,
}

impl<'a> Frame<'a> {
    /// The frame of an edge; at the last one nothing moves.
    pub(super) fn new(problem: &'a StoreProblem, edge: usize, span: Span) -> Self {
        let (drift, inverse) =
            problem.intervals.get(edge).map_or((0.0, 1.0), |interval| (interval.drift, 1.0 / interval.decay));
        Self { drift, inverse, span, penalty: &problem.edge(edge).penalty }
    }

    /// The part of a segment that the edge needs.
    #[inline]
    fn place(&self, segment: &Segment) -> Option<Segment> {
        let x0 = (segment.x0 - self.drift) * self.inverse;
        let x1 = (segment.x1 - self.drift) * self.inverse;
        Segment { x0, x1, ..*segment }.clip(self.span.lo, self.span.hi)
    }
}

impl Values {
    /// `V_edge(., k)`; empty where it is infinite everywhere.
    pub(super) fn get(&self, edge: usize, k: usize) -> &[Segment] {
        let (start, end) = self.ranges[edge * self.states + k];
        &self.segments[start..end]
    }

    /// Segments of all functions.
    pub(super) fn len(&self) -> usize {
        self.segments.len()
    }

    /// The largest size of a value, ct.
    pub(super) fn magnitude(&self) -> f64 {
        self.segments.iter().fold(0.0, |size: f64, segment| size.max(segment.y0.abs()).max(segment.y1.abs()))
    }

    /// Mean and largest number of segments of a function.
    #[cfg(test)]
    pub(super) fn pieces(&self) -> (usize, usize) {
        let most = self.ranges.iter().map(|(start, end)| end - start).max().unwrap_or(0);
        let live = self.ranges.iter().filter(|(start, end)| end > start).count();
        (self.segments.len() / live.max(1), most)
    }

    /// Infinite functions for all edges and states.
    pub(super) fn reset(&mut self, edges: usize, states: usize) {
        self.segments.clear();
        self.states = states;
        self.ranges.clear();
        self.ranges.resize(edges * states, (0, 0));
    }

    /// Writes `V_edge(., k)` from the function before the step, without the states that the filter discards.
    pub(super) fn append(
        &mut self,
        (edge, k): (usize, usize),
        before: &[Segment],
        frame: Frame,
        tolerance: f64,
        mut filter: Option<Filter>,
    ) {
        let start = self.segments.len();
        let mut funnel = Funnel::new(&mut self.segments, tolerance);
        let mut penalty = frame.penalty.walk();
        for part in before.iter().filter_map(|segment| frame.place(segment)) {
            add_penalty(part, &mut penalty, |segment| {
                if filter.as_mut().is_none_or(|filter| filter.keeps(segment)) {
                    funnel.push(segment);
                }
            });
        }
        funnel.finish();
        self.ranges[edge * self.states + k] = (start, self.segments.len());
    }
}

/// Hands on a segment plus the penalty, cut at the kinks of the penalty.
#[inline]
fn add_penalty(mut rest: Segment, penalty: &mut Walk, mut hand: impl FnMut(&Segment)) {
    while penalty.kink() <= rest.x0 {
        penalty.pass();
    }
    while penalty.kink() < rest.x1 {
        let (kink, y) = (penalty.kink(), rest.at(penalty.kink()));
        hand(&Segment::new(rest.x0, rest.y0 + penalty.at(rest.x0), kink, y + penalty.at(kink)));
        (rest.x0, rest.y0) = (kink, y);
        penalty.pass();
    }
    hand(&Segment { y0: rest.y0 + penalty.at(rest.x0), y1: rest.y1 + penalty.at(rest.x1), ..rest });
}
