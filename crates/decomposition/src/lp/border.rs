//! The border of the normal equations: dense columns and their link rows, by a Schur complement.
//!
//! With `M` the normal matrix of the families, `B` and `G` the border's entries in rows and links and `Theta` the inverse
//! weights of the border columns, a step solves
//!
//! ```text
//! M dy + B dx = r          Theta dx = B^T dy + G^T dnu + g          G dx = r_links
//! ```
//!
//! so `(Theta + B^T M^-1 B) dx - G^T dnu = B^T M^-1 r + g`, a small dense system. A fixed column has `dx = 0`.

use super::assembly::PIVOT_SHARE;
use super::chain::BATCH;
use super::dense::Dense;
use super::lanes::{Lanes, WIDTH, add_scaled, dot, groups};
use super::program::{Program, zeros};

/// Factorised border.
#[derive(Clone, Debug, Default)]
pub(super) struct Schur {
    /// Rows that some border column touches.
    pub(super) touched: Vec<usize>,
    /// `M^-1 B`, `[column][row][stride]`, filled up to whole batches.
    pub(super) solved: Vec<f64>,
    matrix: Dense,
    links: Dense,
    /// `K^-1 G^T`, `[link][column]`.
    solved_links: Vec<f64>,
    /// Columns that can move.
    free: Vec<bool>,
}

impl Schur {
    /// Finds the rows that the border touches.
    pub(super) fn prepare(&mut self, program: &Program) {
        let entries = &program.border.entries;
        self.touched.clear();
        self.touched.extend((0..program.rows()).filter(|row| {
            let slices = entries.chunks_exact(program.stride).skip(*row).step_by(program.rows());
            slices.flatten().any(|value| value.abs() > 0.0)
        }));
    }

    /// Factorises, once `solved` holds `M^-1 B`; `weights` are those of the border columns, 0 if fixed.
    pub(super) fn factor(&mut self, program: &Program, weights: &[f64]) {
        let count = program.borders();
        self.free.clear();
        self.free.extend(weights[..count].iter().map(|w| *w > 0.0));
        self.matrix.reset(count);
        for row in &self.touched {
            add_products(program, &self.solved, *row, &mut self.matrix);
        }
        for (i, weight) in weights[..count].iter().enumerate() {
            self.matrix.add_pivot(i, *weight);
        }
        self.matrix.factor(0.0);
        self.factor_links(program);
    }

    fn factor_links(&mut self, program: &Program) {
        let (count, links) = (program.borders(), program.border.rhs.len());
        zeros(&mut self.solved_links, links * count);
        self.links.reset(links);
        for i in 0..links {
            let column = &mut self.solved_links[i * count..(i + 1) * count];
            for ((o, g), free) in
                column.iter_mut().zip(program.border.links.chunks_exact(links)).zip(&self.free)
            {
                *o = if *free { g[i] } else { 0.0 };
            }
            self.matrix.solve(column);
            for j in 0..=i {
                let link = program.border.links.chunks_exact(links).map(|g| g[j]);
                let value =
                    column.iter().zip(link).zip(&self.free).map(|((x, g), f)| if *f { x * g } else { 0.0 });
                *self.links.entry_mut(i, j) = value.sum::<f64>();
            }
        }
        self.links.factor(PIVOT_SHARE);
    }

    /// The border's steps: `rows` holds `M^-1 r`, `x` holds `g` and receives `dx`, `nu` holds the residual of the links
    /// and receives `dnu`.
    pub(super) fn solve(&self, program: &Program, rows: &[f64], x: &mut [f64], nu: &mut [f64]) {
        let count = program.borders();
        let x = &mut x[..count];
        let len = rows.len();
        for (b, value) in x.iter_mut().enumerate() {
            let entries = &program.border.entries[b * len..(b + 1) * len];
            let inner =
                self.touched.iter().map(|row| dot(program.row(entries, *row), program.row(rows, *row)));
            *value = if self.free[b] { *value + inner.sum::<f64>() } else { 0.0 };
        }
        self.matrix.solve(x);
        for (b, links) in program.border.links.chunks_exact(nu.len().max(1)).enumerate() {
            nu.iter_mut().zip(links).for_each(|(r, g)| *r -= g * x[b]);
        }
        self.links.solve(nu);
        for (value, column) in nu.iter().zip(self.solved_links.chunks_exact(count.max(1))) {
            add_scaled(x, *value, column);
        }
    }
}

/// Adds the inner products of `B` and `M^-1 B` over one row to the lower triangle of `matrix`.
fn add_products(program: &Program, solved: &[f64], row: usize, matrix: &mut Dense) {
    let (count, rows) = (program.borders(), program.rows());
    let other = |j: usize| program.row(solved, j * rows + row);
    for i in 0..count {
        let own = program.row(&program.border.entries, i * rows + row);
        // Whole batches: `solved` has the columns, and the lane padding of the matrix takes the entries.
        for j in (0..=i).step_by(BATCH) {
            let sums = dots(own, [other(j), other(j + 1), other(j + 2), other(j + 3)]);
            for (k, sum) in sums.into_iter().enumerate().filter(|(k, _)| j + k <= i) {
                *matrix.entry_mut(i, j + k) += sum;
            }
        }
    }
}

/// Inner products with several vectors: their sums do not wait for each other.
fn dots(a: &[f64], b: [&[f64]; BATCH]) -> [f64; BATCH] {
    let mut sums = [Lanes::splat(0.0); BATCH];
    let (a, b) = (groups(a), b.map(|b| &groups(b)[..a.len() / WIDTH]));
    for (i, a) in a.iter().enumerate() {
        for (sum, b) in sums.iter_mut().zip(&b) {
            *sum = *sum + Lanes(*a) * Lanes(b[i]);
        }
    }
    sums.map(Lanes::sum)
}
