//! Which states a schedule of at most a given cost can pass: those whose arrival bound plus value is no higher.

use super::arrival::Arrival;
use super::convex::{Corner, not_above};
use super::reach::{Reach, Span};
use super::segment::Segment;

/// Beyond the ends of an arrival bound, states are its own up to rounding.
const MARGIN: f64 = 1e-7;

/// A cost that schedules of interest do not exceed, ct, and the bounds that tell.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cutoff<'a> {
    pub(super) arrival: &'a Arrival,
    pub(super) most: f64,
}

impl<'a> Cutoff<'a> {
    /// The states at an edge on which a function is needed.
    pub(super) fn span(&self, reach: &Reach, edge: usize, k: usize) -> Span {
        let span = reach.settled(edge, k);
        match self.arrival.get(edge, k) {
            [first, .., last] => Span { lo: span.lo.max(first.x - MARGIN), hi: span.hi.min(last.x + MARGIN) },
            [_] => span,
            [] => Span::EMPTY,
        }
    }

    /// The filter of an edge's function.
    pub(super) fn filter(&self, edge: usize, k: usize) -> Filter<'a> {
        Filter::new(self.arrival.get(edge, k), self.most)
    }
}

/// Reads an arrival bound from left to right, one of its edges at a time.
#[derive(Debug)]
pub(super) struct Filter<'a> {
    most: f64,
    /// Corners from the right end of the present edge on.
    rest: &'a [Corner],
    from: Corner,
    slope: f64,
}

impl<'a> Filter<'a> {
    fn new(bound: &'a [Corner], most: f64) -> Self {
        let from = bound.first().copied().unwrap_or(Corner { x: 0.0, y: f64::INFINITY });
        let mut filter = Self { most, rest: bound, from, slope: 0.0 };
        filter.pass();
        filter
    }

    /// Whether the bound plus the segment is not above the cutoff everywhere. Called from left to right. Outside
    /// the bound its outermost lines are extended, which stays below a convex function.
    #[inline]
    pub(super) fn keeps(&mut self, segment: &Segment) -> bool {
        while self.rest.len() > 1 && self.rest[0].x <= segment.x0 {
            self.pass();
        }
        if not_above(self.at(segment.x0) + segment.y0, self.most) {
            return true;
        }
        while self.rest.len() > 1 && self.rest[0].x < segment.x1 {
            self.pass();
            if not_above(self.from.y + segment.at(self.from.x), self.most) {
                return true;
            }
        }
        not_above(self.at(segment.x1) + segment.y1, self.most)
    }

    /// The bound at `x` on the present edge.
    #[inline]
    fn at(&self, x: f64) -> f64 {
        self.from.y + self.slope * (x - self.from.x)
    }

    /// Goes to the next edge.
    fn pass(&mut self) {
        if let [from, rest @ ..] = self.rest
            && let Some(to) = rest.first()
        {
            self.from = *from;
            self.slope = (to.y - from.y) / (to.x - from.x);
            self.rest = rest;
        }
    }
}
