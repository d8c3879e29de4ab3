//! Loading a program and finding the first point.
//!
//! For duals `y` and a barrier weight `mu`, every column has a closed-form point of the central path: the minimiser of
//! `p x - mu (log tl + log tu)`. It is dual feasible and perfectly centred; only the rows are violated. That also
//! makes the warm start: old duals stay dual feasible whatever happens to the bounds.

use super::columns::Columns;
use super::interior::Layout;
use super::lanes::{Lanes, WIDTH, groups, groups_mut, padded};
use super::program::Program;

/// Columns narrower than this are fixed at their middle.
const FIXED_WIDTH: f64 = 1e-10;
/// Bounds crossed by more than this make the program infeasible.
const CROSSED: f64 = 1e-9;

impl Columns {
    /// Appends columns with these bounds and costs.
    fn push(&mut self, lower: &[f64], upper: &[f64], cost: &[f64], quad: &[f64]) {
        for (l, u) in lower.iter().zip(upper) {
            let free = u - l > FIXED_WIDTH;
            let middle = 0.5 * (l + u);
            self.lower.push(if free { *l } else { middle });
            self.upper.push(if free { *u } else { middle });
            self.mask.push(if free { 1.0 } else { 0.0 });
        }
        self.cost.extend_from_slice(cost);
        self.quad.extend_from_slice(quad);
    }

    /// Fills the border up to whole lanes with fixed zeros.
    fn pad(&mut self, len: usize) {
        for data in [&mut self.lower, &mut self.upper, &mut self.cost, &mut self.quad, &mut self.mask] {
            data.resize(len, 0.0);
        }
    }

    /// Reduced costs at the middle of every box, for the duals whose product `A^T y` is in `v`.
    pub(super) fn price_middles(&mut self) {
        for i in 0..self.p.len() {
            let middle = 0.5 * (self.lower[i] + self.upper[i]);
            self.p[i] = self.cost[i] + self.quad[i] * middle - self.v[i];
        }
    }

    /// Geometric mean of `|p| * width` over the free columns that cost something, ct, to a power of two.
    pub(super) fn spread(&self) -> f64 {
        let (mut sum, mut count) = (0.0, 1.0);
        for i in 0..self.p.len() {
            let width = self.upper[i] - self.lower[i];
            let value = self.p[i].abs() * width + self.quad[i] * width * width;
            if value > 1e-6 {
                count += 1.0;
                // The exponent of the number is its logarithm, precise enough.
                sum += (value.to_bits() >> 52) as f64 - 1023.0;
            }
        }
        f64::exp2(sum / count)
    }

    /// Puts every column on the central path for the reduced costs in `p` (taken at the middle of the box) and `mu`.
    ///
    /// Without curvature that is the `t` in `(0, width)` with `p = mu / t - mu / (width - t)`.
    pub(super) fn centre(&mut self, mu: f64) {
        for step in [&mut self.dx, &mut self.el, &mut self.eu, &mut self.v] {
            step.fill(0.0);
        }
        let (one, two, mu) = (Lanes::splat(1.0), Lanes::splat(2.0), Lanes::splat(mu));
        let inverse = one / mu;
        for at in (0..self.lower.len()).step_by(WIDTH) {
            let m = read(&self.mask, at);
            let (width, p) = (read(&self.upper, at) - read(&self.lower, at), read(&self.p, at));
            let tilt = p.abs() * width * inverse;
            let near = two * width / (tilt + two + (tilt * tilt + two * two).sqrt());
            let far = width - near;
            let lower = Lanes::splat(0.0).if_most(p, near, far);
            // A fixed column is at distance 1 of both bounds.
            let (tl, tu) = (m * lower + (one - m), m * (width - lower) + (one - m));
            write(&mut self.tl, at, tl);
            write(&mut self.tu, at, tu);
            write(&mut self.zl, at, m * mu / tl);
            write(&mut self.zu, at, m * mu / tu);
        }
        self.centre_curved(mu.0[0]);
    }

    /// The same where there is curvature.
    fn centre_curved(&mut self, mu: f64) {
        for i in 0..self.lower.len() {
            if self.quad[i] > 0.0 && self.mask[i] > 0.0 {
                let width = self.upper[i] - self.lower[i];
                let near = central_curved(width, self.p[i], self.quad[i], mu);
                self.p[i] += self.quad[i] * (near - 0.5 * width);
                (self.tl[i], self.tu[i]) = (near, width - near);
                (self.zl[i], self.zu[i]) = (mu / near, mu / (width - near));
            }
        }
    }
}

fn read(values: &[f64], at: usize) -> Lanes {
    Lanes(groups(values)[at / WIDTH])
}

fn write(values: &mut [f64], at: usize, value: Lanes) {
    groups_mut(values)[at / WIDTH] = value.0;
}

/// The `t` in `(0, width)` with `p + q (t - width / 2) = mu / t - mu / (width - t)`, by bisection to a few digits.
fn central_curved(width: f64, p: f64, q: f64, mu: f64) -> f64 {
    let (mut low, mut high) = (0.0, width);
    for _ in 0..30 {
        let t = 0.5 * (low + high);
        let slope = p + q * (t - 0.5 * width) - mu / t + mu / (width - t);
        (low, high) = if slope > 0.0 { (low, t) } else { (t, high) };
    }
    0.5 * (low + high)
}

/// Whether some column has no value at all.
pub(super) fn crossed(program: &Program) -> bool {
    let border = &program.border;
    let all = program.lower.iter().zip(&program.upper).chain(border.lower.iter().zip(&border.upper));
    all.into_iter().any(|(l, u)| u - l < -CROSSED)
}

/// Takes every family that has a free column, then the border, into `columns`; notes their places in `layout`.
pub(super) fn load(program: &Program, columns: &mut Columns, layout: &mut Layout) {
    columns.clear();
    layout.kinds.clear();
    layout.families.clear();
    let stride = program.stride;
    for (family, kind) in program.kinds.iter().enumerate() {
        let range = family * stride..(family + 1) * stride;
        let (lower, upper) = (&program.lower[range.clone()], &program.upper[range.clone()]);
        if lower.iter().zip(upper).any(|(l, u)| u - l > FIXED_WIDTH) {
            columns.push(lower, upper, &program.cost[range.clone()], &program.quad[range]);
            layout.kinds.push(*kind);
            layout.families.push(family);
        }
    }
    let start = columns.lower.len();
    let border = &program.border;
    columns.push(&border.lower, &border.upper, &border.cost, &border.quad);
    layout.border = start..start + padded(border.lower.len());
    columns.pad(layout.border.end);
    columns.prepare();
}
