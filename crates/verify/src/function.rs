//! Piecewise-linear functions of one variable, infinite in their gaps, and the few operations that dynamic programs need.
//!
//! **Rounding.** Where a function jumps, a breakpoint that is off by a rounding error would read the wrong side. So each
//! stage of a dynamic program first takes [`Function::spread`], the least value within a nudge that is far wider than any
//! rounding error and far narrower than anything that matters: lower, hence still a bound.

use crate::envelope::{envelope, lower};
use crate::piece::Piece;

/// How far a function is spread, as a share of its variable's size (at least 1).
const NUDGE: f64 = 1e-10;

/// Pieces in rising order whose ranges share end points at most; the lower value counts where two meet.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Function {
    pieces: Vec<Piece>,
}

impl Function {
    /// 0 on `lo..=hi`.
    pub(crate) fn zero(lo: f64, hi: f64) -> Self {
        Self::of(&[Piece { lo, hi, at_lo: 0.0, at_hi: 0.0 }])
    }

    /// The least of `pieces` wherever they lie; points and empty ranges are dropped.
    pub(crate) fn of(pieces: &[Piece]) -> Self {
        let wide: Vec<Piece> = pieces.iter().copied().filter(|piece| piece.lo < piece.hi).collect();
        Self { pieces: envelope(&wide) }
    }

    /// The least of both, everywhere.
    pub(crate) fn lower(&self, other: &Self) -> Self {
        Self { pieces: lower(&self.pieces, &other.pieces) }
    }

    /// The sum of both, where both are finite.
    pub(crate) fn plus(&self, other: &Self) -> Self {
        let mut pieces = Vec::new();
        let (mut left, mut right) = (self.pieces.iter().peekable(), other.pieces.iter().peekable());
        while let (Some(one), Some(two)) = (left.peek(), right.peek()) {
            let (lo, hi) = (one.lo.max(two.lo), one.hi.min(two.hi));
            if lo < hi {
                let (one, two) = (one.part(lo, hi), two.part(lo, hi));
                pieces.push(Piece { lo, hi, at_lo: one.at_lo + two.at_lo, at_hi: one.at_hi + two.at_hi });
            }
            if one.hi <= two.hi {
                left.next()
            } else {
                right.next()
            };
        }
        Self { pieces }
    }

    /// The same values plus `cost`.
    pub(crate) fn raised(mut self, cost: f64) -> Self {
        for piece in &mut self.pieces {
            piece.at_lo += cost;
            piece.at_hi += cost;
        }
        self
    }

    /// The function on `lo..=hi` alone.
    pub(crate) fn on(&self, lo: f64, hi: f64) -> Self {
        self.plus(&Self::zero(lo, hi))
    }

    /// `z -> min over steps s of steps(s) + self(z + s)`, where `steps` are pieces over `s`.
    pub(crate) fn over_steps(&self, steps: &[Piece]) -> Self {
        let mut parts = Vec::with_capacity(2 * steps.len() * self.pieces.len());
        for step in steps {
            for piece in &self.pieces {
                parts.extend(best_step(piece, step).into_iter().filter(|part| part.lo < part.hi));
            }
        }
        Self { pieces: envelope(&parts) }
    }

    /// `x -> self(decay x + drift)` for `x` in `lo..=hi`
    pub(crate) fn before(&self, decay: f64, drift: f64, lo: f64, hi: f64) -> Self {
        // So little is left of the state that its whole range leads to one place: the best there serves all.
        if decay < 1e-4 {
            let least = self.least(decay * lo + drift, decay * hi + drift);
            return if least.is_finite() { Self::zero(lo, hi).raised(least) } else { Self::default() };
        }
        let back = |z: f64| (z - drift) / decay;
        let pieces =
            self.pieces.iter().map(|piece| Piece { lo: back(piece.lo), hi: back(piece.hi), ..*piece });
        Self { pieces: pieces.filter(|piece| piece.lo < piece.hi).collect() }.on(lo, hi)
    }

    /// The least value within a nudge of each point.
    pub(crate) fn spread(&self) -> Self {
        let nudge = self.nudge();
        self.over_steps(&[Piece { lo: -nudge, hi: nudge, at_lo: 0.0, at_hi: 0.0 }])
    }

    /// The least value within a nudge of `x`; infinite where there is none.
    pub(crate) fn at(&self, x: f64) -> f64 {
        let nudge = self.nudge();
        self.least(x - nudge, x + nudge)
    }

    /// The least value on `lo..=hi`; infinite where there is none.
    pub(crate) fn least(&self, lo: f64, hi: f64) -> f64 {
        let parts = self.pieces.iter().filter_map(|piece| piece.within(lo, hi));
        parts.map(|part| part.least()).fold(f64::INFINITY, f64::min)
    }

    /// The parts of its pieces in `lo..=hi`; where that is a point, the least value within a nudge.
    pub(crate) fn parts(&self, lo: f64, hi: f64) -> Vec<Piece> {
        if hi - lo <= self.nudge() {
            let value = self.least(lo - self.nudge(), hi + self.nudge());
            return if value.is_finite() { vec![Piece::point(lo, value)] } else { Vec::new() };
        }
        self.pieces.iter().filter_map(|piece| piece.within(lo, hi)).collect()
    }

    /// Its pieces, in rising order.
    pub(crate) fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// Made of pieces that are in rising order already.
    pub(crate) fn in_order(pieces: Vec<Piece>) -> Self {
        Self { pieces }
    }

    fn nudge(&self) -> f64 {
        let ends = self.pieces.first().map_or(0.0, |piece| piece.lo.abs());
        NUDGE * self.pieces.last().map_or(1.0, |piece| piece.hi.abs()).max(ends).max(1.0)
    }
}

/// `z -> min over s of step(s) + piece(z + s)` for two linear pieces.
///
/// For one `z` the sum is linear in `y = z + s`: the best `y` is the least possible or the most. A piece of the result that is a
/// point is none.
fn best_step(piece: &Piece, step: &Piece) -> [Piece; 2] {
    let lengths = step.hi - step.lo;
    let shifted = |s: f64, cost: f64| Piece {
        lo: piece.lo - s,
        hi: piece.hi - s,
        at_lo: piece.at_lo + cost,
        at_hi: piece.at_hi + cost,
    };
    // A range below the spacing of numbers is a point.
    if lengths <= 1e-13 * (1.0 + step.hi.abs() + piece.hi.abs()) {
        return [shifted(step.lo, step.least()), Piece::point(0.0, 0.0)];
    }
    let per_step = (step.at_hi - step.at_lo) / lengths;
    let per_arrival = (piece.at_hi - piece.at_lo) / (piece.hi - piece.lo);
    if per_arrival + per_step >= 0.0 {
        let shortest = shifted(step.lo, step.at_lo);
        let to_lo = Piece {
            lo: piece.lo - step.hi,
            hi: shortest.lo,
            at_lo: piece.at_lo + step.at_hi,
            at_hi: shortest.at_lo,
        };
        [to_lo, shortest]
    } else {
        let longest = shifted(step.hi, step.at_hi);
        let to_hi = Piece {
            lo: longest.hi,
            hi: piece.hi - step.lo,
            at_lo: longest.at_hi,
            at_hi: piece.at_hi + step.at_lo,
        };
        [longest, to_hi]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1 at 0, falling to 0 at 1, rising to 2 at 2; a gap; 5 from 3 to 4.
    fn bent() -> Function {
        Function::of(&[
            Piece::sloped(0.0, 1.0, 1.0, -1.0),
            Piece::sloped(1.0, 2.0, 0.0, 2.0),
            Piece::sloped(3.0, 4.0, 5.0, 0.0),
        ])
    }

    fn near(found: f64, expected: f64) {
        assert!(
            (found - expected).abs() < 1e-7 || (found.is_infinite() && expected.is_infinite()),
            "{found}, expected {expected}"
        );
    }

    #[test]
    fn lower_takes_the_least_and_crosses_where_lines_do() {
        let line = Function::of(&[Piece::sloped(0.5, 3.5, 0.25, 0.5)]);
        let both = bent().lower(&line);
        for (x, value) in
            [(0.2, 0.8), (0.5, 0.25), (1.0, 0.0), (1.5, 0.75), (2.5, 1.25), (3.5, 1.75), (3.75, 5.0)]
        {
            near(both.at(x), value);
        }
        near(both.at(4.5), f64::INFINITY);
        // One line that is lowest all along stays one piece.
        assert_eq!(both.pieces().len(), 6);
    }

    #[test]
    fn steps_find_the_best_of_all_that_a_fine_search_finds() {
        let steps = [
            Piece::point(0.0, 0.1),
            Piece::sloped(0.25, 1.5, 0.2, -0.5),
            Piece::sloped(-1.0, -0.5, 0.0, 0.3),
        ];
        let best = bent().over_steps(&steps);
        for k in -80..250 {
            let z = f64::from(k) * 0.02 + 0.003;
            let mut least = bent().at(z) + 0.1;
            for step in &steps[1..] {
                for i in 0..=2000 {
                    let s = step.lo + (step.hi - step.lo) * f64::from(i) / 2000.0;
                    least = least.min(step.at(s) + bent().at(z + s));
                }
            }
            let found = best.at(z);
            assert!(
                (found <= least + 1e-9 && found >= least - 4e-3)
                    || (found.is_infinite() && least.is_infinite()),
                "{z}: {found}, {least}"
            );
        }
    }

    #[test]
    fn sums_are_finite_only_where_both_are() {
        let sum = bent().plus(&Function::of(&[Piece::sloped(0.5, 3.5, 1.0, 1.0)]));
        near(sum.at(1.0), 1.5);
        near(sum.at(3.25), 8.75);
        near(sum.at(0.25), f64::INFINITY);
        near(sum.at(2.5), f64::INFINITY);
    }

    #[test]
    fn a_jump_is_read_on_its_lower_side() {
        let jump = Function::of(&[Piece::sloped(0.0, 1.0, 3.0, 0.0), Piece::sloped(1.0, 2.0, 1.0, 0.0)]);
        near(jump.at(1.0), 1.0);
        near(jump.spread().at(1.0 - 1e-10), 1.0);
        near(jump.spread().at(0.99), 3.0);
    }

    #[test]
    fn the_state_before_is_read_through_decay_and_drift() {
        let before = bent().before(0.5, 0.25, 0.0, 3.0);
        near(before.at(1.5), 0.0);
        near(before.at(0.0), 0.75);
        near(before.at(3.25), f64::INFINITY);
        near(bent().before(0.0, 1.5, 0.0, 3.0).at(2.0), 1.0);
    }
}
