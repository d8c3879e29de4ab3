//! Loading a program and finding the first point.
//!
//! For duals `y` and a barrier weight `mu`, every column has a closed-form point of the central path: the minimiser of
//! `p x - mu (log tl + log tu)`. It is dual feasible and perfectly centred; only the rows are violated. That also
//! makes the warm start: old duals stay dual feasible whatever happens to the bounds.

use super::columns::Columns;
use super::interior::Layout;
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

    /// Puts every column on the central path for the reduced costs in `p` (taken at the middle of the box) and `mu`.
    pub(super) fn centre(&mut self, mu: f64) {
        for i in 0..self.lower.len() {
            let width = self.upper[i] - self.lower[i];
            if self.mask[i] == 0.0 {
                (self.tl[i], self.tu[i], self.zl[i], self.zu[i]) = (1.0, 1.0, 0.0, 0.0);
                continue;
            }
            let tilt = self.p[i].abs() * width / mu;
            let near = 2.0 * width / (tilt + 2.0 + (tilt * tilt + 4.0).sqrt());
            let far = width - near;
            (self.tl[i], self.tu[i]) = if self.p[i] > 0.0 { (near, far) } else { (far, near) };
            (self.zl[i], self.zu[i]) = (mu / self.tl[i], mu / self.tu[i]);
            self.p[i] += self.quad[i] * (self.lower[i] + self.tl[i] - 0.5 * (self.lower[i] + self.upper[i]));
        }
    }
}

/// Whether some column has no value at all.
pub(super) fn crossed(program: &Program) -> bool {
    let border = &program.border;
    let all = program.lower.iter().zip(&program.upper).chain(border.lower.iter().zip(&border.upper));
    all.into_iter().any(|(l, u)| !(u - l >= -CROSSED))
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
    layout.border = start..start + super::lanes::padded(border.lower.len());
    columns.pad(layout.border.end);
    columns.prepare();
}
