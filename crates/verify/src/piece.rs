//! A linear piece of a function of one variable.

/// Linear on the closed range `lo..=hi`. A piece of a function has `lo < hi`; a piece of a choice of steps may be a point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Piece {
    pub(crate) lo: f64,
    pub(crate) hi: f64,
    pub(crate) at_lo: f64,
    pub(crate) at_hi: f64,
}

impl Piece {
    /// `value + slope (x - lo)` on `lo..=hi`
    pub(crate) fn sloped(lo: f64, hi: f64, at_lo: f64, slope: f64) -> Self {
        Self { lo, hi, at_lo, at_hi: at_lo + slope * (hi - lo) }
    }

    /// `value` at `x` alone.
    pub(crate) fn point(x: f64, value: f64) -> Self {
        Self { lo: x, hi: x, at_lo: value, at_hi: value }
    }

    /// The value at `x` within the piece, computed from the nearer end so that a steep piece is exact near both.
    pub(crate) fn at(&self, x: f64) -> f64 {
        let width = self.hi - self.lo;
        if width <= 0.0 {
            return self.at_lo.min(self.at_hi);
        }
        let rise = self.at_hi - self.at_lo;
        let from_lo = ((x - self.lo) / width).clamp(0.0, 1.0);
        let from_hi = ((self.hi - x) / width).clamp(0.0, 1.0);
        if from_lo <= from_hi { self.at_lo + rise * from_lo } else { self.at_hi - rise * from_hi }
    }

    /// The same line on a part of its range.
    pub(crate) fn part(&self, lo: f64, hi: f64) -> Self {
        Self { lo, hi, at_lo: self.at(lo), at_hi: self.at(hi) }
    }

    /// The part within `lo..=hi`, a point at the least, if there is one.
    pub(crate) fn within(&self, lo: f64, hi: f64) -> Option<Self> {
        let (lo, hi) = (self.lo.max(lo), self.hi.min(hi));
        (lo <= hi).then(|| self.part(lo, hi))
    }

    /// The least value on its range.
    pub(crate) fn least(&self) -> f64 {
        self.at_lo.min(self.at_hi)
    }

    /// The piece as a function of `factor` times its variable, with `cost` per unit of its variable on top.
    pub(crate) fn scaled(&self, factor: f64, cost: f64) -> Self {
        let (lo, hi) = (factor * self.lo, factor * self.hi);
        let (at_lo, at_hi) = (self.at_lo + cost * self.lo, self.at_hi + cost * self.hi);
        if factor < 0.0 {
            Self { lo: hi, hi: lo, at_lo: at_hi, at_hi: at_lo }
        } else {
            Self { lo, hi, at_lo, at_hi }
        }
    }
}
