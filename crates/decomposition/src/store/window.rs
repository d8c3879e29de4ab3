//! The effect of one continuous decision: the minimum over a sliding window.
//!
//! A step in `[lo, hi]` that costs `cost_lo + slope (step - lo)` turns the value `W` after the step into
//!
//! ```text
//! E(z) = min over u in [lo, hi] of cost_lo + slope (u - lo) + W(z + u)
//!      = cost_lo - slope p + min over y in [p, p + w] of G(y),     p = z + lo, w = hi - lo, G(y) = W(y) + slope y
//! ```
//!
//! The minimum of `G` over a window lies at the left end (where `G` rises), at the right end (where it falls) or at
//! a local minimum inside. With one local minimum these three follow each other; otherwise their pointwise minimum
//! is formed.

use super::envelope::{Moved, pointwise_min};
use super::segment::Segment;

/// A decision `u` in `[lo, hi]`, store units, at `cost_lo + slope (u - lo)` ct.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Step {
    pub(super) lo: f64,
    pub(super) hi: f64,
    pub(super) cost_lo: f64,
    pub(super) slope: f64,
}

/// Scratch of the window minimum.
#[derive(Debug, Default)]
pub(super) struct Window {
    rising: Vec<Segment>,
    falling: Vec<Segment>,
    plateaus: Vec<Segment>,
    sides: Vec<Segment>,
    merged: Vec<Segment>,
}

impl Window {
    /// Appends `E` to `out` for the function `after` (not empty or infinite in sum: an empty one stays empty).
    pub(super) fn erode(&mut self, after: &[Segment], step: Step, out: &mut Vec<Segment>) {
        let valleys = self.split(after, step.slope, step.hi - step.lo);
        let parts: [&[Segment]; 3] = if valleys <= 1 {
            [&self.falling, &self.plateaus, &self.rising]
        } else {
            pointwise_min(Moved::still(&self.rising), Moved::still(&self.falling), &mut self.sides);
            pointwise_min(Moved::still(&self.sides), Moved::still(&self.plateaus), &mut self.merged);
            [&self.merged, &[], &[]]
        };
        for segment in parts.into_iter().flatten() {
            out.push(Segment::new(
                segment.x0 - step.lo,
                segment.y0 - step.slope * segment.x0 + step.cost_lo,
                segment.x1 - step.lo,
                segment.y1 - step.slope * segment.x1 + step.cost_lo,
            ));
        }
    }

    /// Sorts the segments of `G` into rising and falling ones and its local minima into plateaus; returns how many
    /// local minima there are.
    fn split(&mut self, after: &[Segment], slope: f64, width: f64) -> usize {
        self.rising.clear();
        self.falling.clear();
        self.plateaus.clear();
        let mut valleys = 0;
        let mut left = Segment::new(f64::NEG_INFINITY, 0.0, f64::NEG_INFINITY, 0.0);
        for segment in after.iter().chain([&Segment::END]) {
            let here = tilt(segment, slope);
            valleys += self.minima_between(&left, &here, width);
            if here.y1 > here.y0 {
                self.rising.push(here);
            } else if here.x0 < f64::INFINITY {
                self.falling.push(Segment { x0: here.x0 - width, x1: here.x1 - width, ..here });
            }
            left = here;
        }
        valleys
    }

    /// Records the local minima at the end of `left` and the start of `right`, two successive segments of `G`.
    #[inline]
    fn minima_between(&mut self, left: &Segment, right: &Segment, width: f64) -> usize {
        if left.x1 < right.x0 {
            let mut found = 0;
            if left.x1 > f64::NEG_INFINITY && left.y1 <= left.y0 {
                self.add_plateau(left.x1, left.y1, width);
                found += 1;
            }
            if right.x0 < f64::INFINITY && right.y1 > right.y0 {
                self.add_plateau(right.x0, right.y0, width);
                found += 1;
            }
            return found;
        }
        let bottom = left.y1.min(right.y0);
        let lower_left = left.y1 <= bottom && left.y0 < left.y1;
        let lower_right = right.y0 <= bottom && right.y1 <= right.y0;
        if lower_left || lower_right {
            return 0;
        }
        self.add_plateau(left.x1, bottom, width);
        1
    }

    /// Adds the level `y`, reachable from `[x - width, x]`. Called with increasing `x`, so that the part of earlier
    /// levels that is lower stays and the higher part is cut off.
    fn add_plateau(&mut self, x: f64, y: f64, width: f64) {
        let mut start = x - width;
        while let Some(last) = self.plateaus.last_mut() {
            if last.x1 <= start {
                break;
            }
            if last.y1 < y {
                start = last.x1;
                break;
            }
            if last.x0 < start {
                last.x1 = start;
                break;
            }
            self.plateaus.pop();
        }
        self.plateaus.push(Segment::new(start, y, x, y));
    }
}

/// `G` on one segment.
#[inline]
fn tilt(segment: &Segment, slope: f64) -> Segment {
    Segment { y0: segment.y0 + slope * segment.x0, y1: segment.y1 + slope * segment.x1, ..*segment }
}
