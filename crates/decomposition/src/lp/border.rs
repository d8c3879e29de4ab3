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
use super::dense::Dense;
use super::lanes::{add_scaled, dot};
use super::program::{Program, zeros};

/// Regularisation of the border's matrix, which refinement takes back: a column may hang on its link row alone.
const RELATIVE: f64 = 1e-13;
const ABSOLUTE: f64 = 1e-11;

/// Factorised border.
#[derive(Clone, Debug, Default)]
pub(super) struct Schur {
    /// `M^-1 B`, `[column][row][stride]`.
    pub(super) solved: Vec<f64>,
    matrix: Dense,
    links: Dense,
    /// `K^-1 G^T`, `[link][column]`.
    solved_links: Vec<f64>,
    /// Columns that can move.
    free: Vec<bool>,
}

impl Schur {
    /// Factorises, once `solved` holds `M^-1 B`; `weights` are those of the border columns, 0 if fixed.
    pub(super) fn factor(&mut self, program: &Program, weights: &[f64]) {
        let (count, len) = (program.borders(), program.rows() * program.stride);
        self.free.clear();
        self.free.extend(weights[..count].iter().map(|w| *w > 0.0));
        self.matrix.reset(count);
        for (i, weight) in weights[..count].iter().enumerate() {
            for j in 0..=i {
                let pivot = if self.free[i] { 1.0 / weight } else { 1.0 };
                let own = if i == j { pivot } else { 0.0 };
                let both = self.free[i] && self.free[j];
                let (a, b) =
                    (&program.border.entries[i * len..(i + 1) * len], &self.solved[j * len..(j + 1) * len]);
                *self.matrix.entry_mut(i, j) = own + if both { dot(a, b) } else { 0.0 };
            }
        }
        for i in 0..count {
            let pivot = self.matrix.entry_mut(i, i);
            *pivot = *pivot * (1.0 + RELATIVE) + ABSOLUTE;
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

    /// Solves for the border: `rows` holds `M^-1 r` and receives `dy`, `x` holds `g` and receives `dx`, `nu` holds the
    /// residual of the links and receives `dnu`.
    pub(super) fn solve(&self, program: &Program, rows: &mut [f64], x: &mut [f64], nu: &mut [f64]) {
        let (count, len) = (program.borders(), rows.len());
        let x = &mut x[..count];
        for (b, value) in x.iter_mut().enumerate() {
            let entries = &program.border.entries[b * len..(b + 1) * len];
            *value = if self.free[b] { *value + dot(entries, rows) } else { 0.0 };
        }
        self.matrix.solve(x);
        for (b, links) in program.border.links.chunks_exact(nu.len().max(1)).enumerate() {
            nu.iter_mut().zip(links).for_each(|(r, g)| *r -= g * x[b]);
        }
        self.links.solve(nu);
        for (value, column) in nu.iter().zip(self.solved_links.chunks_exact(count.max(1))) {
            add_scaled(x, *value, column);
        }
        for (column, value) in self.solved.chunks_exact(len.max(1)).zip(x.iter()) {
            add_scaled(rows, -value, column);
        }
    }
}
