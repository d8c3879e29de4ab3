//! Replaces a function by one with fewer segments in the band `[f - tolerance, f]`.
//!
//! Greedy funnel: from an anchor in the band, the lines that stay in the band at every breakpoint so far form an
//! interval of slopes; when the next breakpoint empties it, the middle line is written and its end is the next
//! anchor. A gap, or a jump, starts afresh. Both functions are linear between breakpoints, so what holds there holds
//! in between: the result is never above the input and loses at most `tolerance`.
//!
//! Slopes are kept as rise and run and compared crosswise: most breakpoints cannot be dropped, and then no division
//! is spent.

use super::segment::Segment;

/// Two ends closer than this (ct) belong to one continuous function; the certificate's allowance covers it.
const CONTINUOUS: f64 = 1e-10;

/// A slope as a fraction: `rise / run`, `run > 0`.
#[derive(Clone, Copy, Debug)]
struct Slope {
    rise: f64,
    run: f64,
}

impl Slope {
    #[inline]
    fn below(self, other: Self) -> bool {
        self.rise * other.run < other.rise * self.run
    }

    #[inline]
    fn value(self) -> f64 {
        self.rise / self.run
    }
}

/// The funnel, fed with the segments of one function from left to right.
#[derive(Debug)]
pub(super) struct Funnel<'a> {
    out: &'a mut Vec<Segment>,
    tolerance: f64,
    anchor: (f64, f64),
    end: (f64, f64),
    /// Breakpoints behind the anchor that the funnel has passed.
    passed: usize,
    lowest: Slope,
    highest: Slope,
}

impl<'a> Funnel<'a> {
    /// A funnel that appends to `out`, with `tolerance` in ct.
    pub(super) fn new(out: &'a mut Vec<Segment>, tolerance: f64) -> Self {
        let nowhere = (f64::NEG_INFINITY, 0.0);
        let any = Slope { rise: 0.0, run: 1.0 };
        Self { out, tolerance, anchor: nowhere, end: nowhere, passed: 0, lowest: any, highest: any }
    }

    /// Takes the next segment.
    #[inline]
    pub(super) fn push(&mut self, segment: &Segment) {
        let jumps = (segment.y0 - self.end.1).abs() > CONTINUOUS;
        if jumps || segment.x0 > self.end.0 {
            self.finish();
            self.start(segment);
        } else if !self.admit(segment.x1, segment.y1) {
            self.anchor = self.write();
            self.open(segment.x1, segment.y1);
        }
    }

    /// Writes what is left.
    #[inline]
    pub(super) fn finish(&mut self) {
        if self.end.0 > f64::NEG_INFINITY {
            self.write();
        }
    }

    /// Starts afresh with a segment.
    #[inline]
    fn start(&mut self, segment: &Segment) {
        self.anchor = (segment.x0, segment.y0 - 0.5 * self.tolerance);
        self.passed = 0;
        if segment.x1 > segment.x0 {
            self.open(segment.x1, segment.y1);
        } else {
            self.end = (segment.x0, segment.y0);
        }
    }

    /// Opens the funnel from the anchor to a breakpoint right of it.
    #[inline]
    fn open(&mut self, x: f64, y: f64) {
        let (rise, run) = (y - self.anchor.1, x - self.anchor.0);
        self.highest = Slope { rise, run };
        self.lowest = Slope { rise: rise - self.tolerance, run };
        self.passed = 1;
        self.end = (x, y);
    }

    /// Narrows the funnel to the band at a breakpoint; leaves it and says no if no line is left.
    #[inline]
    fn admit(&mut self, x: f64, y: f64) -> bool {
        let (rise, run) = (y - self.anchor.1, x - self.anchor.0);
        let high = Slope { rise, run };
        let low = Slope { rise: rise - self.tolerance, run };
        if x <= self.end.0 {
            // A point on the end of the function: the band there is known.
            return true;
        }
        if self.passed == 0 || high.below(self.lowest) || self.highest.below(low) {
            return false;
        }
        if high.below(self.highest) {
            self.highest = high;
        }
        if self.lowest.below(low) {
            self.lowest = low;
        }
        self.passed += 1;
        self.end = (x, y);
        true
    }

    /// Writes the middle line from the anchor to the end and returns its end. With one breakpoint the middle is
    /// known without its slope.
    #[inline]
    fn write(&mut self) -> (f64, f64) {
        let (x0, y0) = self.anchor;
        let (x1, y_end) = self.end;
        let y1 = if self.passed > 1 {
            y0 + 0.5 * (self.lowest.value() + self.highest.value()) * (x1 - x0)
        } else {
            y_end - 0.5 * self.tolerance
        };
        self.out.push(Segment::new(x0, y0, x1, y1));
        (x1, y1)
    }
}
