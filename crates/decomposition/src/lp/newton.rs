//! The linear system of one interior-point step, factorised once and solved for several right-hand sides.
//!
//! With weights `D`, a step satisfies `dx = D (A^T dy + g)` and `A dx + delta dy = r`; eliminating `dx` leaves the normal
//! equations `(A D A^T + delta) dy = r - A D g`. Local rows go first ([`super::assembly`]), then the states
//! ([`super::chain`]), then the border ([`super::border`]). The tiny regularisation of the diagonal is a proximal term
//! around the current duals: it slows the residual down by its share and moves no solution.

use super::assembly::Blocks;
use super::border::Schur;
use super::chain::{BATCH, Chain};
use super::lanes::add_scaled;
use super::program::{Kind, Program};

/// Added to every diagonal entry, row unit squared per ct.
const REGULARISATION: f64 = 1e-12;
/// The same in a careful solve: with a border a row may hang on border columns alone, and its pivot on this number.
const CAREFUL_REGULARISATION: f64 = 1e-9;

/// A factorised system.
#[derive(Clone, Debug, Default)]
pub(super) struct System {
    pub(super) blocks: Blocks,
    pub(super) chain: Chain,
    schur: Schur,
    /// `M^-1 r` while the border is solved.
    inner: Vec<f64>,
    /// Keep every row with a raised pivot, and refine: for borders and for programs that failed once.
    pub(super) careful: bool,
}

impl System {
    /// Takes the shape of `program` with these active families.
    pub(super) fn prepare(&mut self, program: &Program, kinds: &[Kind]) {
        self.blocks.prepare(program, kinds);
        self.schur.prepare(program);
    }

    /// Rows that the border touches.
    pub(super) fn touched(&self) -> &[usize] {
        &self.schur.touched
    }

    /// Factorises what was added to `blocks`; `weights` are those of the border columns.
    pub(super) fn factor(&mut self, program: &Program, weights: &[f64]) {
        self.blocks.keep = if self.careful { 1.0 } else { 0.0 };
        self.blocks.eliminate(program, if self.careful { CAREFUL_REGULARISATION } else { REGULARISATION });
        self.chain.factor(&self.blocks, program.intervals);
        if program.borders() > 0 {
            self.solve_border(program);
            self.schur.factor(program, weights);
        }
    }

    /// `M^-1 B`, in batches.
    fn solve_border(&mut self, program: &Program) {
        let len = program.rows() * program.stride;
        let solved = &mut self.schur.solved;
        solved.clone_from(&program.border.entries);
        solved.resize(program.borders().div_ceil(BATCH) * BATCH * len, 0.0);
        for batch in solved.chunks_exact_mut(BATCH * len) {
            batch.chunks_exact_mut(len).for_each(|column| self.blocks.forward(column));
            self.chain.solve_batch(batch, self.blocks.stride);
            batch.chunks_exact_mut(len).for_each(|column| self.blocks.backward(column));
        }
    }

    /// Solves in place: `rows` from `r - A D g` (families only) to `dy`, `x` from the border's `g` to its `dx`, `nu` from
    /// the links' residual to `dnu`.
    pub(super) fn solve(&mut self, program: &Program, rows: &mut [f64], x: &mut [f64], nu: &mut [f64]) {
        if program.borders() > 0 {
            self.inner.clear();
            self.inner.extend_from_slice(rows);
            solve_blocks(&self.blocks, &mut self.chain, &mut self.inner);
            self.schur.solve(program, &self.inner, x, nu);
            for (b, value) in x.iter().enumerate().take(program.borders()) {
                for row in &self.schur.touched {
                    let at = row * program.stride..(row + 1) * program.stride;
                    let entries = program.row(&program.border.entries, b * program.rows() + row);
                    add_scaled(&mut rows[at], -value, entries);
                }
            }
        }
        solve_blocks(&self.blocks, &mut self.chain, rows);
    }
}

fn solve_blocks(blocks: &Blocks, chain: &mut Chain, rows: &mut [f64]) {
    blocks.forward(rows);
    chain.solve(rows, blocks.stride);
    blocks.backward(rows);
}
