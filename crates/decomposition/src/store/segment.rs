//! The linear segment, of which every function here is a sorted list.
//!
//! A function is a list of segments with increasing, non-overlapping interiors. It is infinite where no segment
//! lies, and where two segments touch its value is the smaller one: lower semicontinuous by construction. A segment
//! may be a single point.

use std::ops::Range;

/// States closer than this are one state: walls and jumps are met only up to rounding.
pub(super) const STATE_TOLERANCE: f64 = 1e-9;

/// A linear segment from `(x0, y0)` to `(x1, y1)`: `x0 <= x1`, state units; `y` in ct.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Segment {
    pub(super) x0: f64,
    pub(super) y0: f64,
    pub(super) x1: f64,
    pub(super) y1: f64,
}

impl Segment {
    /// Behind every function: a segment that starts nowhere.
    pub(super) const END: Self =
        Self { x0: f64::INFINITY, y0: f64::INFINITY, x1: f64::INFINITY, y1: f64::INFINITY };

    /// A segment between two points.
    pub(super) const fn new(x0: f64, y0: f64, x1: f64, y1: f64) -> Self {
        Self { x0, y0, x1, y1 }
    }

    /// Value at `x`, which is pulled into the segment first.
    #[inline]
    pub(super) fn at(&self, x: f64) -> f64 {
        if x <= self.x0 {
            self.y0
        } else if x >= self.x1 {
            self.y1
        } else {
            self.y0 + (x - self.x0) / (self.x1 - self.x0) * (self.y1 - self.y0)
        }
    }

    /// The part within `[lo, hi]`, if there is one.
    #[inline]
    pub(super) fn clip(&self, lo: f64, hi: f64) -> Option<Self> {
        if self.x1 < lo || self.x0 > hi {
            return None;
        }
        let mut part = *self;
        if self.x0 < lo {
            (part.x0, part.y0) = (lo, self.at(lo));
        }
        if self.x1 > hi {
            (part.x1, part.y1) = (hi, self.at(hi));
        }
        Some(part)
    }
}

/// The segments of `function` that touch `[lo, hi]`, as an index range.
pub(super) fn overlapping(function: &[Segment], lo: f64, hi: f64) -> Range<usize> {
    let start = function.partition_point(|segment| segment.x1 < lo);
    let len = function[start..].partition_point(|segment| segment.x0 <= hi);
    start..start + len
}

/// Value at `x`, looking `margin` to both sides for the rounding of `x`; infinite where no segment lies.
pub(super) fn value_near(function: &[Segment], x: f64, margin: f64) -> f64 {
    let near = overlapping(function, x - margin, x + margin);
    function[near].iter().map(|segment| segment.at(x)).fold(f64::INFINITY, f64::min)
}
