//! Block-tridiagonal systems with diagonal coupling: the states over time.
//!
//! ```text
//! S_t x_t + E_{t-1} x_{t-1} + E_t x_{t+1} = r_t        E_t diagonal: every state couples to itself only
//! ```
//!
//! The factorisation is twisted: it runs from both ends and meets in the middle. The two halves do not depend on each
//! other, so the processor overlaps their long chains of dependent operations. Every pivot block is inverted through
//! its `L D L^T` factors; the sweeps then are one small product per interval.

#![expect(clippy::inline_always, reason = "a block of known size stays in registers only if it is inlined")]

use super::assembly::Blocks;
use super::block::{Block, Vector, difference, eliminate, invert, product, shrink, substitute};
use super::lanes::vectors;
use super::program::zeros;

/// A factorised chain and the working memory of its solves.
#[derive(Clone, Debug, Default)]
pub(super) struct Chain {
    intervals: usize,
    states: usize,
    /// Inverse pivot blocks `[t][i][j]`, of the padded block size.
    inverse: Vec<f64>,
    /// Couplings `[t][i]`.
    coupling: Vec<f64>,
    /// Right-hand side and solution `[t][i]`.
    work: Vec<f64>,
}

/// Right-hand sides that one sweep takes through the chain: their dependent operations overlap.
pub(super) const BATCH: usize = 4;

/// Calls a method specialised for the smallest block size that holds the states.
macro_rules! sized {
    ($self:ident, $method:ident ( $($argument:expr),* ) $(, $sides:ident)?) => {
        match $self.states {
            0 => {}
            1 => $self.$method::<1 $(, $sides)?>($($argument),*),
            2 => $self.$method::<2 $(, $sides)?>($($argument),*),
            3 => $self.$method::<3 $(, $sides)?>($($argument),*),
            4 => $self.$method::<4 $(, $sides)?>($($argument),*),
            5 => $self.$method::<5 $(, $sides)?>($($argument),*),
            6 => $self.$method::<6 $(, $sides)?>($($argument),*),
            7 => $self.$method::<7 $(, $sides)?>($($argument),*),
            8 => $self.$method::<8 $(, $sides)?>($($argument),*),
            9..=12 => $self.$method::<12 $(, $sides)?>($($argument),*),
            13..=16 => $self.$method::<16 $(, $sides)?>($($argument),*),
            17..=32 => $self.$method::<32 $(, $sides)?>($($argument),*),
            _ => $self.$method::<64 $(, $sides)?>($($argument),*),
        }
    };
}

impl Chain {
    /// Factorises the state blocks that are left after [`Blocks::eliminate`].
    pub(super) fn factor(&mut self, blocks: &Blocks, intervals: usize) {
        (self.intervals, self.states) = (intervals, blocks.states);
        sized!(self, factor_sized(blocks));
    }

    /// Solves in place; `rows` is `[state][stride]`.
    pub(super) fn solve(&mut self, rows: &mut [f64], stride: usize) {
        let len = rows.len();
        self.solve_sides::<1>(rows, len, stride);
    }

    /// Solves for [`BATCH`] right-hand sides in place; `rows` is `[side][row][stride]`, the state rows first.
    pub(super) fn solve_batch(&mut self, rows: &mut [f64], stride: usize) {
        let len = rows.len() / BATCH;
        self.solve_sides::<BATCH>(rows, len, stride);
    }

    fn solve_sides<const R: usize>(&mut self, rows: &mut [f64], len: usize, stride: usize) {
        sized!(self, solve_sized(rows, len, stride), R);
    }

    fn factor_sized<const M: usize>(&mut self, blocks: &Blocks) {
        vectors(|| {
            let last = self.intervals - 1;
            zeros(&mut self.inverse, self.intervals * M * M);
            zeros(&mut self.coupling, self.intervals * M);
            self.work.resize(self.intervals * M * BATCH, 0.0);
            self.load_coupling::<M>(blocks);
            let inverse = self.inverse.as_chunks_mut::<M>().0.as_chunks_mut::<M>().0;
            let coupling = self.coupling.as_chunks::<M>().0;
            let middle = self.intervals / 2;
            let (mut down, mut up) = ([[0.0; M]; M], [[0.0; M]; M]);
            for step in 0..middle {
                let t = step;
                inverse[t] = invert(&load(blocks, t, &down), &floors(blocks, t), blocks.keep);
                down = shrink(&inverse[t], &coupling[t]);
                let t = last - step;
                if t > middle {
                    inverse[t] = invert(&load(blocks, t, &up), &floors(blocks, t), blocks.keep);
                    up = shrink(&inverse[t], &coupling[t - 1]);
                }
            }
            for (a, b) in down.iter_mut().flatten().zip(up.iter().flatten()) {
                *a += b;
            }
            inverse[middle] = invert(&load(blocks, middle, &down), &floors(blocks, middle), blocks.keep);
        });
    }

    fn load_coupling<const M: usize>(&mut self, blocks: &Blocks) {
        for (state, from) in blocks.coupling.chunks_exact(blocks.stride).enumerate() {
            for (to, value) in self.coupling.as_chunks_mut::<M>().0.iter_mut().zip(from) {
                to[state] = *value;
            }
        }
    }

    fn solve_sized<const M: usize, const R: usize>(&mut self, rows: &mut [f64], len: usize, stride: usize) {
        vectors(|| {
            let (last, middle) = (self.intervals - 1, self.intervals / 2);
            let inverse = self.inverse.as_chunks::<M>().0.as_chunks::<M>().0;
            let coupling = self.coupling.as_chunks::<M>().0;
            let work = &mut self.work.as_chunks_mut::<R>().0.as_chunks_mut::<M>().0[..self.intervals];
            work.as_flattened_mut().as_flattened_mut().fill(0.0);
            load_sides(rows, len, stride, self.states, work);
            let (mut down, mut up) = ([[0.0; R]; M], [[0.0; R]; M]);
            for step in 0..middle {
                let t = step;
                down = eliminate(&inverse[t], &mut work[t], &down, &coupling[t]);
                let t = last - step;
                if t > middle {
                    up = eliminate(&inverse[t], &mut work[t], &up, &coupling[t - 1]);
                }
            }
            let centre = difference(&difference(&work[middle], &down), &up);
            work[middle] = product(&inverse[middle], &centre);
            (down, up) = (work[middle], work[middle]);
            for step in (0..middle).rev() {
                let t = step;
                down = substitute(&inverse[t], &mut work[t], &down, &coupling[t]);
                let t = last - step;
                if t > middle {
                    up = substitute(&inverse[t], &mut work[t], &up, &coupling[t - 1]);
                }
            }
            store_sides(work, len, stride, self.states, rows);
        });
    }
}

/// Reads `rows` `[side][state][stride]` into `[t][state][side]`.
fn load_sides<const M: usize, const R: usize>(
    rows: &[f64],
    len: usize,
    stride: usize,
    states: usize,
    work: &mut [Vector<M, R>],
) {
    for (side, rows) in rows.chunks_exact(len).enumerate() {
        for (state, from) in rows.chunks_exact(stride).take(states).enumerate() {
            work.iter_mut().zip(from).for_each(|(w, value)| w[state][side] = *value);
        }
    }
}

/// The way back.
fn store_sides<const M: usize, const R: usize>(
    work: &[Vector<M, R>],
    len: usize,
    stride: usize,
    states: usize,
    rows: &mut [f64],
) {
    for (side, rows) in rows.chunks_exact_mut(len).enumerate() {
        for (state, to) in rows.chunks_exact_mut(stride).take(states).enumerate() {
            work.iter().zip(to).for_each(|(w, value)| *value = w[state][side]);
        }
    }
}

/// The block of interval `t` less what the neighbours took; rows beyond the states are those of the identity.
#[inline(always)]
fn load<const M: usize>(blocks: &Blocks, t: usize, less: &Block<M>) -> Block<M> {
    let mut out = [[0.0; M]; M];
    for i in 0..M {
        for j in 0..=i {
            let own =
                if i < blocks.states { blocks.state_entry(i, j)[t] } else { f64::from(u8::from(i == j)) };
            out[i][j] = own - less[i][j];
        }
    }
    out
}

#[inline(always)]
fn floors<const M: usize>(blocks: &Blocks, t: usize) -> [f64; M] {
    let mut out = [1.0; M];
    out.iter_mut().take(blocks.states).enumerate().for_each(|(i, o)| *o = blocks.state_floor(i)[t]);
    out
}
