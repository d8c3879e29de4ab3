//! A small dense symmetric system by Cholesky.

use super::lanes::dot;
use super::program::zeros;

/// Regularisation of a diagonal, which refinement takes back: a border column may hang on its link row alone.
const RELATIVE: f64 = 1e-13;
const ABSOLUTE: f64 = 1e-11;

/// A factorised symmetric positive matrix; rows are padded to whole lanes.
#[derive(Clone, Debug, Default)]
pub(super) struct Dense {
    pub(super) size: usize,
    pub(super) stride: usize,
    /// `[i][j]`, lower triangle; the factor after [`Self::factor`].
    pub(super) entries: Vec<f64>,
    /// Inverse diagonal of the factor, 0 for a dropped row.
    inverse: Vec<f64>,
}

impl Dense {
    /// A zero matrix of this size.
    pub(super) fn reset(&mut self, size: usize) {
        (self.size, self.stride) = (size, super::lanes::padded(size));
        zeros(&mut self.entries, size * self.stride);
        zeros(&mut self.inverse, size);
    }

    /// The entry `i >= j`.
    pub(super) fn entry_mut(&mut self, i: usize, j: usize) -> &mut f64 {
        &mut self.entries[i * self.stride + j]
    }

    /// Adds `1 / weight` to a diagonal entry, or makes its row that of the identity for weight 0.
    pub(super) fn add_pivot(&mut self, i: usize, weight: f64) {
        if weight > 0.0 {
            let pivot = self.entry_mut(i, i);
            *pivot = (*pivot + 1.0 / weight) * (1.0 + RELATIVE) + ABSOLUTE;
            return;
        }
        for j in 0..self.size {
            *self.entry_mut(i.max(j), i.min(j)) = if i == j { 1.0 } else { 0.0 };
        }
    }

    /// Factorises the lower triangle in place; a pivot that is rounding noise drops its row.
    pub(super) fn factor(&mut self, pivot_share: f64) {
        for i in 0..self.size {
            let (done, rest) = self.entries.split_at_mut(i * self.stride);
            let row = &mut rest[..self.stride];
            let floor = pivot_share * row[i];
            for (j, other) in done.chunks_exact(self.stride).enumerate() {
                row[j] = (row[j] - dot_until(row, other, j)) * self.inverse[j];
            }
            let pivot = row[i] - dot_until(row, row, i);
            self.inverse[i] = if pivot > floor { 1.0 / pivot.sqrt() } else { 0.0 };
            row[i] = if pivot > floor { pivot.sqrt() } else { 0.0 };
        }
    }

    /// Solves in place.
    pub(super) fn solve(&self, x: &mut [f64]) {
        for i in 0..self.size {
            let row = &self.entries[i * self.stride..];
            x[i] = (x[i] - dot_until(row, x, i)) * self.inverse[i];
        }
        for i in (0..self.size).rev() {
            x[i] *= self.inverse[i];
            let (row, value) = (&self.entries[i * self.stride..], x[i]);
            x[..i].iter_mut().zip(row).for_each(|(x, l)| *x -= l * value);
        }
    }
}

/// Inner product of the first `len` numbers.
fn dot_until(a: &[f64], b: &[f64], len: usize) -> f64 {
    let whole = len - len % super::lanes::WIDTH;
    let tail: f64 = a[whole..len].iter().zip(&b[whole..len]).map(|(x, y)| x * y).sum();
    dot(&a[..whole], &b[..whole]) + tail
}
