//! The linear system of one interior-point step, factorised once and solved for several right-hand sides.
//!
//! With weights `D`, a step satisfies `dx = D (A^T dy + g)` and `A dx + delta dy = r`; eliminating `dx` leaves the normal
//! equations `(A D A^T + delta) dy = r - A D g`. Local rows go first ([`super::assembly`]), then the states
//! ([`super::chain`]), then the border ([`super::border`]). The tiny regularisation of the diagonal is a proximal term
//! around the current duals: it slows the residual down by its share and moves no solution.

use super::assembly::Blocks;
use super::border::Schur;
use super::chain::Chain;
use super::program::Program;

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
    /// Keep every row with a raised pivot, and refine: for borders and for programs that failed once.
    pub(super) careful: bool,
}

impl System {
    /// Factorises what was added to `blocks`; `weights` are those of the border columns.
    pub(super) fn factor(&mut self, program: &Program, weights: &[f64]) {
        self.blocks.keep = if self.careful { 1.0 } else { 0.0 };
        self.blocks.eliminate(program, if self.careful { CAREFUL_REGULARISATION } else { REGULARISATION });
        self.chain.factor(&self.blocks, program.intervals);
        if program.borders() > 0 {
            self.schur.solved.clone_from(&program.border.entries);
            let len = program.rows() * program.stride;
            for column in self.schur.solved.chunks_exact_mut(len) {
                solve_blocks(&self.blocks, &mut self.chain, column);
            }
            self.schur.factor(program, weights);
        }
    }

    /// Solves in place: `rows` from `r - A D g` (families only) to `dy`, `x` from the border's `g` to its `dx`, `nu` from
    /// the links' residual to `dnu`.
    pub(super) fn solve(&mut self, program: &Program, rows: &mut [f64], x: &mut [f64], nu: &mut [f64]) {
        solve_blocks(&self.blocks, &mut self.chain, rows);
        if program.borders() > 0 {
            self.schur.solve(program, rows, x, nu);
        }
    }
}

fn solve_blocks(blocks: &Blocks, chain: &mut Chain, rows: &mut [f64]) {
    blocks.forward(rows);
    chain.solve(rows, blocks.stride);
    blocks.backward(rows);
}
