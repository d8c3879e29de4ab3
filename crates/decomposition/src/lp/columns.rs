//! The columns of a running solve: point, multipliers and step, and the elementwise passes over them.
//!
//! A column is `x = lower + tl = upper - tu` with `tl, tu > 0`, multipliers `zl, zu > 0` and reduced cost
//! `p = c + q x - A^T y`. Fixed columns are masked: `tl = tu = 1`, `zl = zu = 0`, weight 0, so that no pass branches.

use std::ops::Range;

use super::lanes::{Lanes, WIDTH, groups, groups_mut, vectors};

/// Structure of arrays over all columns that take part: the active families, `[family][stride]`, then the border.
#[derive(Clone, Debug, Default)]
pub(super) struct Columns {
    pub(super) lower: Vec<f64>,
    pub(super) upper: Vec<f64>,
    pub(super) cost: Vec<f64>,
    pub(super) quad: Vec<f64>,
    /// Whether some `quad` is not zero.
    pub(super) curved: bool,
    /// 1 where the column can move, 0 where it is fixed.
    pub(super) mask: Vec<f64>,
    pub(super) tl: Vec<f64>,
    pub(super) tu: Vec<f64>,
    pub(super) zl: Vec<f64>,
    pub(super) zu: Vec<f64>,
    pub(super) p: Vec<f64>,
    /// `1 / tl`, `1 / tu` and the weight `1 / (q + zl / tl + zu / tu)`.
    il: Vec<f64>,
    iu: Vec<f64>,
    pub(super) d: Vec<f64>,
    /// `D g` before, the step in `x` after [`Self::direction`].
    pub(super) dx: Vec<f64>,
    /// `A^T dy`.
    pub(super) v: Vec<f64>,
    /// Second-order terms after [`Self::predict`], steps of the multipliers after [`Self::correct`].
    pub(super) el: Vec<f64>,
    pub(super) eu: Vec<f64>,
}

/// Sums over columns at a point.
#[derive(Clone, Copy, Debug)]
pub(super) struct Measure {
    /// `sum tl zl + tu zu`, ct.
    pub(super) complementarity: f64,
    /// `sum (c + 1/2 q x) x`, ct.
    pub(super) objective: f64,
    /// `sum min over the box of p x, less 1/2 q x^2`: the columns' share of the dual bound, ct.
    pub(super) bound: f64,
}

/// Sums and largest ratios over columns for a predictor step.
#[derive(Clone, Copy, Debug)]
pub(super) struct Prediction {
    /// Largest `-dt / t` and `-dz / z`: the inverse steps to the boundary.
    pub(super) primal: f64,
    pub(super) dual: f64,
    /// `sum z dt`, `sum dt dz`. (`sum t dz` is the rest of `-sum t z`: the step aims at 0.)
    pub(super) z_dt: f64,
    pub(super) dt_dz: f64,
}

/// A slice of every named array of `$columns`, as groups of lanes, under the same names.
macro_rules! take {
    ($columns:ident, $range:expr, $len:ident; $($read:ident),*; $($write:ident),*) => {
        let range: Range<usize> = $range;
        let $len = range.len() / super::lanes::WIDTH;
        $(let $read = &groups(&$columns.$read[range.clone()])[..$len];)*
        $(let $write = &mut groups_mut(&mut $columns.$write[range.clone()])[..$len];)*
    };
}

impl Prediction {
    /// Of no column.
    pub(super) const NONE: Self = Self { primal: 0.0, dual: 0.0, z_dt: 0.0, dt_dz: 0.0 };

    /// Of both sets of columns.
    pub(super) fn join(self, other: Self) -> Self {
        Self {
            primal: self.primal.max(other.primal),
            dual: self.dual.max(other.dual),
            z_dt: self.z_dt + other.z_dt,
            dt_dz: self.dt_dz + other.dt_dz,
        }
    }
}

impl Columns {
    /// Empties all arrays.
    pub(super) fn clear(&mut self) {
        for data in [&mut self.lower, &mut self.upper, &mut self.cost, &mut self.quad, &mut self.mask] {
            data.clear();
        }
    }

    /// Sizes the iterate to the columns that were pushed.
    pub(super) fn prepare(&mut self) {
        let len = self.lower.len();
        self.curved = self.quad.iter().any(|q| *q > 0.0);
        for data in [
            &mut self.tl,
            &mut self.tu,
            &mut self.zl,
            &mut self.zu,
            &mut self.p,
            &mut self.il,
            &mut self.iu,
            &mut self.d,
            &mut self.dx,
            &mut self.v,
            &mut self.el,
            &mut self.eu,
        ] {
            data.resize(len, 0.0);
        }
    }

    /// Writes the point `x` of a range, inside its box.
    pub(super) fn point(&self, range: Range<usize>, x: &mut [f64]) {
        take!(self, range, len; lower, upper, mask, tl;);
        for (i, x) in groups_mut(x)[..len].iter_mut().enumerate() {
            let l = Lanes(lower[i]);
            *x = (l + Lanes(mask[i]) * Lanes(tl[i])).min(Lanes(upper[i])).0;
        }
    }

    /// Moves a range by `primal` along `dx` and by `dual` along the multipliers; then its point `x`, weights, predictor
    /// `dx = -D p` and sums there.
    pub(super) fn advance(&mut self, range: Range<usize>, steps: (f64, f64), x: &mut [f64]) -> Measure {
        if self.curved {
            self.advance_as::<true>(range, steps, x)
        } else {
            self.advance_as::<false>(range, steps, x)
        }
    }

    fn advance_as<const CURVED: bool>(
        &mut self,
        range: Range<usize>,
        steps: (f64, f64),
        x: &mut [f64],
    ) -> Measure {
        vectors(|| {
            let (primal, dual) = (Lanes::splat(steps.0), Lanes::splat(steps.1));
            let (zero, one) = (Lanes::splat(0.0), Lanes::splat(1.0));
            take!(self, range, len; lower, upper, cost, quad, v, el, eu; tl, tu, zl, zu, p, il, iu, d, dx);
            let x = &mut groups_mut(x)[..len];
            let (mut complementarity, mut objective, mut bound) = (zero, zero, zero);
            for i in 0..len {
                let (l, u, step) = (Lanes(lower[i]), Lanes(upper[i]), primal * Lanes(dx[i]));
                let q = if CURVED { Lanes(quad[i]) } else { zero };
                let m = u.if_most(l, zero, one);
                let (a, b) = (Lanes(tl[i]) + step, Lanes(tu[i]) - step);
                let (za, zb) = (Lanes(zl[i]) + dual * Lanes(el[i]), Lanes(zu[i]) + dual * Lanes(eu[i]));
                let flat = Lanes(p[i]) - dual * Lanes(v[i]);
                let price = if CURVED { flat + q * step } else { flat };
                (tl[i], tu[i], zl[i], zu[i], p[i]) = (a.0, b.0, za.0, zb.0, price.0);
                let both = a * b;
                let inverse = m / both;
                let (ia, ib) = (inverse * b, inverse * a);
                // `m / (q + za / a + zb / b)` with one division that does not wait for the other; without `1 - m` a fixed
                // column would divide 0 by 0.
                let curvature = if CURVED { one - m + q * both } else { one - m };
                let weight = m * both / (curvature + za * b + zb * a);
                (il[i], iu[i], d[i], dx[i]) = (ia.0, ib.0, weight.0, (-(weight * price)).0);
                let at = l + m * a;
                x[i] = at.0;
                let curved = if CURVED { Lanes::splat(0.5) * q * at * at } else { zero };
                complementarity = complementarity + (a * za + b * zb);
                objective = objective + (Lanes(cost[i]) * at + curved);
                bound = bound + ((price * l).min(price * u) - curved);
            }
            Measure { complementarity: complementarity.sum(), objective: objective.sum(), bound: bound.sum() }
        })
    }

    /// `dx = D v + D g`: the step of a range, once `v` holds `A^T dy`.
    pub(super) fn direction(&mut self, range: Range<usize>) {
        vectors(|| {
            take!(self, range, len; d, v; dx);
            for i in 0..len {
                dx[i] = (Lanes(dx[i]) + Lanes(d[i]) * Lanes(v[i])).0;
            }
        });
    }

    /// Follows the predictor step of a range and keeps its second-order terms `dt dz`. Takes [`Self::direction`] along
    /// if asked to.
    pub(super) fn predict<const DIRECT: bool>(&mut self, range: Range<usize>) -> Prediction {
        vectors(|| {
            take!(self, range, len; zl, zu, il, iu, d, v, dx; el, eu);
            let zero = Lanes::splat(0.0);
            let (mut low, mut high) = ((zero, zero), (zero, zero));
            let (mut z_dt, mut dt_dz) = (zero, zero);
            for i in 0..len {
                let (za, zb) = (Lanes(zl[i]), Lanes(zu[i]));
                let step = step::<DIRECT>(&dx[i], &d[i], &v[i]);
                let (ra, rb) = (step * Lanes(il[i]), step * Lanes(iu[i]));
                low = (ra.min(low.0), rb.min(low.1));
                high = (ra.max(high.0), rb.max(high.1));
                // dz = -z - z dt / t, times dt; at the upper bound dt = -step.
                let (ea, eb) = (-(step * (za + za * ra)), step * (zb - zb * rb));
                el[i] = ea.0;
                eu[i] = eb.0;
                z_dt = z_dt + step * (za - zb);
                dt_dz = dt_dz + (ea + eb);
            }
            let primal = (-low.0).max(high.1).largest();
            let dual = 1.0 + high.0.max(-low.1).largest();
            Prediction { primal, dual, z_dt: z_dt.sum(), dt_dz: dt_dz.sum() }
        })
    }

    /// `dx = D g` of a range for the corrector step towards complementarity `target`.
    pub(super) fn recentre(&mut self, range: Range<usize>, target: f64) {
        vectors(|| {
            take!(self, range, len; d, p, il, iu; dx, el, eu);
            let target = Lanes::splat(target);
            for i in 0..len {
                let (a, b) = (target - Lanes(el[i]), target - Lanes(eu[i]));
                el[i] = a.0;
                eu[i] = b.0;
                dx[i] = (Lanes(d[i]) * (a * Lanes(il[i]) - b * Lanes(iu[i]) - Lanes(p[i]))).0;
            }
        });
    }

    /// Steps of the multipliers of a range for the corrector; returns the largest `-dt / t` and `-dz / z`. Takes
    /// [`Self::direction`] along if asked to.
    pub(super) fn correct<const DIRECT: bool>(&mut self, range: Range<usize>) -> (f64, f64) {
        vectors(|| {
            take!(self, range, len; zl, zu, il, iu, d, v; dx, el, eu);
            let (zero, one, tiny) = (Lanes::splat(0.0), Lanes::splat(1.0), Lanes::splat(f64::MIN_POSITIVE));
            let (mut low, mut high, mut dual) = (zero, zero, zero);
            for i in 0..len {
                let (za, zb, ia, ib) = (Lanes(zl[i]), Lanes(zu[i]), Lanes(il[i]), Lanes(iu[i]));
                let step = step::<DIRECT>(&dx[i], &d[i], &v[i]);
                dx[i] = step.0;
                let (ra, rb) = (step * ia, step * ib);
                let dza = Lanes(el[i]) * ia - (za + za * ra);
                let dzb = Lanes(eu[i]) * ib - (zb - zb * rb);
                // One division for both ratios; `tiny` makes them 0 / tiny for a fixed column.
                let both = one / (za * zb + tiny);
                low = ra.min(low);
                high = rb.max(high);
                dual = ((dza * zb).min(dzb * za) * both).min(dual);
                el[i] = dza.0;
                eu[i] = dzb.0;
            }
            ((-low).max(high).largest(), (-dual).largest())
        })
    }
}

/// The step `D g`, or `D g + D v`.
#[inline]
fn step<const DIRECT: bool>(dg: &[f64; WIDTH], d: &[f64; WIDTH], v: &[f64; WIDTH]) -> Lanes {
    if DIRECT { Lanes(*dg) + Lanes(*d) * Lanes(*v) } else { Lanes(*dg) }
}
