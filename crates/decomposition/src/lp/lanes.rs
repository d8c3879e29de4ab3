//! A few `f64` side by side, so that reductions and long elementwise expressions compile to vector instructions.

use std::ops::{Add, Div, Mul, Neg, Sub};

/// Numbers in one [`Lanes`]; every vector over time is padded to a multiple of it.
pub(super) const WIDTH: usize = 4;

/// `WIDTH` numbers that are treated alike.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lanes(pub(super) [f64; WIDTH]);

impl Lanes {
    /// The same number in every lane.
    #[inline]
    pub(super) fn splat(value: f64) -> Self {
        Self([value; WIDTH])
    }

    /// One number per lane.
    #[inline]
    fn build(f: impl Fn(usize) -> f64) -> Self {
        let mut out = [0.0; WIDTH];
        for (lane, slot) in out.iter_mut().enumerate() {
            *slot = f(lane);
        }
        Self(out)
    }

    /// The larger number of each lane; a NaN in `self` is dropped, one in `other` is kept.
    #[inline]
    pub(super) fn max(self, other: Self) -> Self {
        Self::build(|i| if self.0[i] > other.0[i] { self.0[i] } else { other.0[i] })
    }

    /// The smaller number of each lane; a NaN in `self` is dropped, one in `other` is kept.
    #[inline]
    pub(super) fn min(self, other: Self) -> Self {
        Self::build(|i| if self.0[i] < other.0[i] { self.0[i] } else { other.0[i] })
    }

    /// `yes` where `self <= other`, else `no`.
    #[inline]
    pub(super) fn if_most(self, other: Self, yes: Self, no: Self) -> Self {
        Self::build(|i| if self.0[i] <= other.0[i] { yes.0[i] } else { no.0[i] })
    }

    /// The square roots.
    #[inline]
    pub(super) fn sqrt(self) -> Self {
        Self::build(|i| self.0[i].sqrt())
    }

    /// The absolute values.
    #[inline]
    pub(super) fn abs(self) -> Self {
        Self::build(|i| self.0[i].abs())
    }

    /// `1 / self` where `self > floor`, else `keep / floor`.
    #[inline]
    pub(super) fn guarded_inverse(self, floor: Self, keep: f64) -> Self {
        Self::build(|i| if self.0[i] > floor.0[i] { 1.0 / self.0[i] } else { keep / floor.0[i] })
    }

    /// The sum over the lanes.
    #[inline]
    pub(super) fn sum(self) -> f64 {
        (self.0[0] + self.0[1]) + (self.0[2] + self.0[3])
    }

    /// The largest lane.
    #[inline]
    pub(super) fn largest(self) -> f64 {
        self.0.into_iter().fold(f64::NEG_INFINITY, f64::max)
    }
}

macro_rules! elementwise {
    ($name:ident, $method:ident, $op:tt) => {
        impl $name for Lanes {
            type Output = Self;
            #[inline]
            fn $method(self, other: Self) -> Self {
                Self::build(|i| self.0[i] $op other.0[i])
            }
        }
    };
}
elementwise!(Add, add, +);
elementwise!(Sub, sub, -);
elementwise!(Mul, mul, *);
elementwise!(Div, div, /);

impl Neg for Lanes {
    type Output = Self;
    #[inline]
    fn neg(self) -> Self {
        Self::build(|i| -self.0[i])
    }
}

/// Runs `work` with the widest vector instructions of the machine at hand. Nothing depends on which they are: lanes are summed
/// in one order, and no product is fused with a sum.
#[inline]
pub(super) fn vectors<R>(work: impl FnOnce() -> R) -> R {
    pulp::Arch::new().dispatch(work)
}

/// The next multiple of [`WIDTH`].
pub(super) fn padded(len: usize) -> usize {
    len.div_ceil(WIDTH) * WIDTH
}

/// `values` as groups of [`WIDTH`]; its length must be a multiple of it.
#[inline]
pub(super) fn groups(values: &[f64]) -> &[[f64; WIDTH]] {
    values.as_chunks::<WIDTH>().0
}

/// `values` as groups of [`WIDTH`], mutable; its length must be a multiple of it.
#[inline]
pub(super) fn groups_mut(values: &mut [f64]) -> &mut [[f64; WIDTH]] {
    values.as_chunks_mut::<WIDTH>().0
}

/// `out += factor * values`, elementwise.
#[inline]
pub(super) fn add_product(out: &mut [f64], factor: &[f64], values: &[f64]) {
    for ((o, f), v) in out.iter_mut().zip(factor).zip(values) {
        *o += f * v;
    }
}

/// `out -= factor * values`, elementwise.
#[inline]
pub(super) fn subtract_product(out: &mut [f64], factor: &[f64], values: &[f64]) {
    for ((o, f), v) in out.iter_mut().zip(factor).zip(values) {
        *o -= f * v;
    }
}

/// `out += scale * values`, elementwise.
#[inline]
pub(super) fn add_scaled(out: &mut [f64], scale: f64, values: &[f64]) {
    for (o, v) in out.iter_mut().zip(values) {
        *o += scale * v;
    }
}

/// The inner product, summed in lanes.
#[inline]
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sum = Lanes::splat(0.0);
    for (x, y) in groups(a).iter().zip(groups(b)) {
        sum = sum + Lanes(*x) * Lanes(*y);
    }
    sum.sum()
}

/// The largest absolute value; NaN if one is.
#[inline]
pub(super) fn largest(values: &[f64]) -> f64 {
    let mut most = Lanes::splat(0.0);
    for group in groups(values) {
        most = most.max(Lanes(*group).abs());
    }
    most.0.into_iter().fold(0.0, |m, v| if v <= m { m } else { v })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_width_of_vector_instructions_gives_the_same_bytes() {
        let numbers = |seed: f64| (0..96).map(|i| (seed + f64::from(i)).sin() * 1e3).collect::<Vec<f64>>();
        let (a, b) = (numbers(0.1), numbers(7.3));
        assert_eq!(vectors(|| dot(&a, &b)).to_bits(), dot(&a, &b).to_bits());
        let mut wide = a.clone();
        vectors(|| subtract_product(&mut wide, &b, &a));
        let mut narrow = a.clone();
        subtract_product(&mut narrow, &b, &a);
        assert!(wide.iter().zip(&narrow).all(|(w, n)| w.to_bits() == n.to_bits()));
    }
}
