//! Block-tridiagonal systems with diagonal coupling: the states over time.
//!
//! ```text
//! S_t x_t + E_{t-1} x_{t-1} + E_t x_{t+1} = r_t        E_t diagonal: every state couples to itself only
//! ```
//!
//! The factorisation is twisted: it runs from both ends and meets in the middle. The two halves do not depend on each
//! other, so the processor overlaps their long chains of dependent operations. Every pivot block is inverted through
//! its `L D L^T` factors; the sweeps then are one small product per interval.

use super::assembly::Blocks;
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

type Block<const M: usize> = [[f64; M]; M];

/// Calls a method specialised for the smallest block size that holds the states.
macro_rules! sized {
    ($self:ident, $method:ident ( $($argument:expr),* )) => {
        match $self.states {
            0 => {}
            1 => $self.$method::<1>($($argument),*),
            2 => $self.$method::<2>($($argument),*),
            3 => $self.$method::<3>($($argument),*),
            4 => $self.$method::<4>($($argument),*),
            5 => $self.$method::<5>($($argument),*),
            6 => $self.$method::<6>($($argument),*),
            7 => $self.$method::<7>($($argument),*),
            8 => $self.$method::<8>($($argument),*),
            9..=12 => $self.$method::<12>($($argument),*),
            13..=16 => $self.$method::<16>($($argument),*),
            17..=32 => $self.$method::<32>($($argument),*),
            _ => $self.$method::<64>($($argument),*),
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
        sized!(self, solve_sized(rows, stride));
    }

    fn factor_sized<const M: usize>(&mut self, blocks: &Blocks) {
        let last = self.intervals - 1;
        zeros(&mut self.inverse, self.intervals * M * M);
        zeros(&mut self.coupling, self.intervals * M);
        zeros(&mut self.work, self.intervals * M);
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
    }

    fn load_coupling<const M: usize>(&mut self, blocks: &Blocks) {
        for (state, from) in blocks.coupling.chunks_exact(blocks.stride).enumerate() {
            for (to, value) in self.coupling.as_chunks_mut::<M>().0.iter_mut().zip(from) {
                to[state] = *value;
            }
        }
    }

    fn solve_sized<const M: usize>(&mut self, rows: &mut [f64], stride: usize) {
        let (last, middle) = (self.intervals - 1, self.intervals / 2);
        let inverse = self.inverse.as_chunks::<M>().0.as_chunks::<M>().0;
        let coupling = self.coupling.as_chunks::<M>().0;
        let work = self.work.as_chunks_mut::<M>().0;
        for (state, from) in rows.chunks_exact(stride).take(self.states).enumerate() {
            work.iter_mut().zip(from).for_each(|(w, value)| w[state] = *value);
        }
        let (mut down, mut up) = ([0.0; M], [0.0; M]);
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
        for (state, to) in rows.chunks_exact_mut(stride).take(self.states).enumerate() {
            work.iter().zip(to).for_each(|(w, value)| *value = w[state]);
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

/// The inverse of a symmetric positive block (lower triangle), through `L D L^T`; a noise pivot drops its row.
#[inline(always)]
fn invert<const M: usize>(block: &Block<M>, floor: &[f64; M], keep: f64) -> Block<M> {
    let (mut s, mut pivot) = (*block, [0.0; M]);
    for c in 0..M {
        pivot[c] = if s[c][c] > floor[c] { 1.0 / s[c][c] } else { keep / floor[c] };
        let column: [f64; M] = std::array::from_fn(|i| s[i][c]);
        for i in c + 1..M {
            let l = column[i] * pivot[c];
            for j in c + 1..=i {
                s[i][j] -= l * column[j];
            }
            s[i][c] = l;
        }
    }
    join(&unit_inverse(&s), &pivot)
}

/// The inverse of a unit lower triangle.
#[expect(clippy::needless_range_loop, reason = "a column runs through every row")]
#[inline(always)]
fn unit_inverse<const M: usize>(l: &Block<M>) -> Block<M> {
    let mut out = [[0.0; M]; M];
    for c in 0..M {
        out[c][c] = 1.0;
        for i in c + 1..M {
            let mut sum = 0.0;
            for j in c..i {
                sum -= l[i][j] * out[j][c];
            }
            out[i][c] = sum;
        }
    }
    out
}

/// `N^T diag(pivot) N` for a lower triangle `N`.
#[inline(always)]
fn join<const M: usize>(n: &Block<M>, pivot: &[f64; M]) -> Block<M> {
    let mut out = [[0.0; M]; M];
    for i in 0..M {
        for j in 0..=i {
            let mut sum = 0.0;
            for c in i..M {
                sum += n[c][i] * pivot[c] * n[c][j];
            }
            out[i][j] = sum;
            out[j][i] = sum;
        }
    }
    out
}

/// What the next block loses: `E S^-1 E`.
#[inline(always)]
fn shrink<const M: usize>(inverse: &Block<M>, coupling: &[f64; M]) -> Block<M> {
    let mut out = [[0.0; M]; M];
    for i in 0..M {
        for j in 0..M {
            out[i][j] = coupling[i] * coupling[j] * inverse[i][j];
        }
    }
    out
}

/// A symmetric matrix times a vector.
#[inline(always)]
fn product<const M: usize>(a: &Block<M>, x: &[f64; M]) -> [f64; M] {
    let mut out = [0.0; M];
    for j in 0..M {
        for i in 0..M {
            out[i] += a[j][i] * x[j];
        }
    }
    out
}

#[inline(always)]
fn difference<const M: usize>(a: &[f64; M], b: &[f64; M]) -> [f64; M] {
    std::array::from_fn(|i| a[i] - b[i])
}

/// `r -= less`; returns what the next right-hand side loses, `E S^-1 r`.
#[inline(always)]
fn eliminate<const M: usize>(a: &Block<M>, r: &mut [f64; M], less: &[f64; M], e: &[f64; M]) -> [f64; M] {
    *r = difference(r, less);
    let x = product(a, r);
    std::array::from_fn(|i| e[i] * x[i])
}

/// `x = S^-1 (r - E next)`, in place of `r`; returns `x`.
#[inline(always)]
fn substitute<const M: usize>(a: &Block<M>, r: &mut [f64; M], next: &[f64; M], e: &[f64; M]) -> [f64; M] {
    let rest = std::array::from_fn(|i| r[i] - e[i] * next[i]);
    *r = product(a, &rest);
    *r
}
