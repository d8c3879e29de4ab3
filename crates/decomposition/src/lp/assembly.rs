//! The blocks of the normal matrix `A D A^T`, and the elimination of the local rows inside every interval.
//!
//! All blocks are kept `[entry][t]`, so that assembly and elimination run over time in vector instructions. Inside an
//! interval the local rows come first and the states last; what remains after the local rows is the block-tridiagonal
//! matrix of [`super::chain`].

use super::lanes::{Lanes, groups, groups_mut, vectors};
use super::program::{Kind, Program, zeros};

/// A pivot below this share of its diagonal entry is rounding noise: its row depends on others.
pub(super) const PIVOT_SHARE: f64 = 1e-14;

/// The normal matrix without its border.
#[derive(Clone, Debug, Default)]
pub(super) struct Blocks {
    pub(super) stride: usize,
    pub(super) states: usize,
    locals: usize,
    /// What happens to a pivot that is rounding noise: 0 drops its row, 1 raises it to the floor.
    pub(super) keep: f64,
    /// Lower triangle in elimination order, `[i (i + 1) / 2 + j][t]`.
    packed: Vec<f64>,
    /// Entries of `packed` that can be non-zero, with fill.
    used: Vec<bool>,
    /// Smallest acceptable pivots `[i][t]`.
    floor: Vec<f64>,
    /// Unit lower factor of the eliminated columns, `[local c][i][t]`.
    factor: Vec<f64>,
    /// Inverse pivots `[local c][t]`, 0 for a dropped row.
    inverse: Vec<f64>,
    /// Weight `D` of each state `[state][t]`, at edge `t + 1`.
    density: Vec<f64>,
    /// Coupling of state rows `t` and `t + 1`, `[state][t]`.
    pub(super) coupling: Vec<f64>,
}

fn pair(i: usize, j: usize) -> usize {
    let (i, j) = if i > j { (i, j) } else { (j, i) };
    i * (i + 1) / 2 + j
}

/// The slice `target` to write and the slice `source` to read of `[slice][stride]`; they must differ.
fn write_read(values: &mut [f64], target: usize, source: usize, stride: usize) -> (&mut [f64], &[f64]) {
    if target > source {
        let (low, high) = values.split_at_mut(target * stride);
        (&mut high[..stride], &low[source * stride..(source + 1) * stride])
    } else {
        let (low, high) = values.split_at_mut(source * stride);
        (&mut low[target * stride..(target + 1) * stride], &high[..stride])
    }
}

/// `out += a b d`, elementwise.
fn add_triple(out: &mut [f64], a: &[f64], b: &[f64], d: &[f64]) {
    for (((o, a), b), d) in out.iter_mut().zip(a).zip(b).zip(d) {
        *o += a * b * d;
    }
}

/// `out -= a b`, elementwise; the three may not overlap.
fn subtract(out: &mut [f64], a: &[f64], b: &[f64]) {
    for ((o, a), b) in out.iter_mut().zip(a).zip(b) {
        *o -= a * b;
    }
}

impl Blocks {
    /// Takes the shape of `program` and finds the entries that its active families can fill.
    pub(super) fn prepare(&mut self, program: &Program, kinds: &[Kind]) {
        (self.stride, self.states, self.locals) = (program.stride, program.states, program.locals);
        let rows = program.rows();
        zeros(&mut self.packed, pair(rows, 0) * self.stride);
        for data in [&mut self.floor, &mut self.factor] {
            zeros(data, rows * self.stride);
        }
        zeros(&mut self.factor, rows * self.locals * self.stride);
        zeros(&mut self.inverse, self.locals * self.stride);
        zeros(&mut self.density, self.states * self.stride);
        zeros(&mut self.coupling, self.states * self.stride);
        self.mark_used(kinds, rows);
    }

    fn mark_used(&mut self, kinds: &[Kind], rows: usize) {
        self.used.clear();
        self.used.resize(pair(rows, 0), false);
        (0..rows).for_each(|i| self.used[pair(i, i)] = true);
        for kind in kinds {
            if let Kind::Local { rows: own, count, .. } = kind {
                for (a, b) in own[..*count].iter().flat_map(|a| own[..*count].iter().map(move |b| (a, b))) {
                    let place = pair(self.order(*a), self.order(*b));
                    self.used[place] = true;
                }
            }
        }
        for c in 0..self.locals {
            for i in c + 1..rows {
                for j in c + 1..=i {
                    let fill = self.used[pair(i, c)] && self.used[pair(j, c)];
                    self.used[pair(i, j)] |= fill;
                }
            }
        }
    }

    /// Place of a row of the program in the elimination order.
    fn order(&self, row: usize) -> usize {
        if row < self.states { self.locals + row } else { row - self.states }
    }

    /// Row of the program at a place in the elimination order.
    fn row(&self, place: usize) -> usize {
        if place < self.locals { self.states + place } else { place - self.locals }
    }

    fn entry_mut(&mut self, i: usize, j: usize) -> &mut [f64] {
        let at = pair(i, j) * self.stride;
        &mut self.packed[at..at + self.stride]
    }

    /// The block of the states, `[t]`, after [`Self::eliminate`].
    pub(super) fn state_entry(&self, i: usize, j: usize) -> &[f64] {
        let at = pair(self.locals + i, self.locals + j) * self.stride;
        &self.packed[at..at + self.stride]
    }

    /// Smallest acceptable pivots `[t]` of a state.
    pub(super) fn state_floor(&self, state: usize) -> &[f64] {
        let at = (self.locals + state) * self.stride;
        &self.floor[at..at + self.stride]
    }

    /// Empties the matrix.
    pub(super) fn clear(&mut self) {
        self.packed.fill(0.0);
        self.density.fill(0.0);
    }

    /// Adds the columns of one family with weights `d` `[t]`.
    pub(super) fn add(&mut self, program: &Program, kind: Kind, d: &[f64]) {
        vectors(|| match kind {
            Kind::Local { rows, count, first } => {
                for a in 0..count {
                    for b in 0..=a {
                        let coef = |p: usize| program.row(&program.coefficients, first + p);
                        let (i, j) = (self.order(rows[a]), self.order(rows[b]));
                        add_triple(self.entry_mut(i, j), coef(a), coef(b), d);
                    }
                }
            }
            Kind::State { state, .. } => {
                let density = &mut self.density[state * self.stride..(state + 1) * self.stride];
                density.iter_mut().zip(d).for_each(|(o, d)| *o += d);
            }
        });
    }

    /// Adds states, proximal terms and regularisation, and eliminates the local rows.
    pub(super) fn eliminate(&mut self, program: &Program, regularisation: f64) {
        vectors(|| {
            for state in 0..self.states {
                self.add_state(program, state);
            }
            for local in 0..self.locals {
                let delta = program.row(&program.delta, local);
                self.entry_mut(local, local).iter_mut().zip(delta).for_each(|(o, d)| *o += d);
            }
            for i in 0..self.states + self.locals {
                self.set_floor(i, regularisation);
            }
            for c in 0..self.locals {
                self.eliminate_row(c);
            }
        });
    }

    fn add_state(&mut self, program: &Program, state: usize) {
        let (at, stride, place) = (state * self.stride, self.stride, self.locals + state);
        let density = &self.density[at..at + stride];
        let decay = program.row(&program.decay, state);
        let start = pair(place, place) * stride;
        let diagonal = &mut self.packed[start..start + stride];
        diagonal.iter_mut().zip(density).for_each(|(o, d)| *o += d);
        add_triple(&mut diagonal[1..], &decay[1..], &decay[1..], density);
        let coupling = &mut self.coupling[at..at + stride];
        for ((o, a), d) in coupling.iter_mut().zip(&decay[1..]).zip(density) {
            *o = -a * d;
        }
    }

    fn set_floor(&mut self, i: usize, regularisation: f64) {
        let (start, stride) = (pair(i, i) * self.stride, self.stride);
        let diagonal = &mut self.packed[start..start + stride];
        let floor = &mut self.floor[i * stride..(i + 1) * stride];
        for (d, f) in diagonal.iter_mut().zip(floor) {
            *d += regularisation;
            *f = PIVOT_SHARE * *d;
        }
    }

    fn eliminate_row(&mut self, c: usize) {
        let (rows, stride) = (self.states + self.locals, self.stride);
        let start = pair(c, c) * stride;
        let inverse = &mut self.inverse[c * stride..(c + 1) * stride];
        let pivots = groups(&self.packed[start..start + stride]);
        let floors = groups(&self.floor[c * stride..(c + 1) * stride]);
        for ((o, p), f) in groups_mut(inverse).iter_mut().zip(pivots).zip(floors) {
            *o = Lanes(*p).guarded_inverse(Lanes(*f), self.keep).0;
        }
        for i in c + 1..rows {
            if !self.used[pair(i, c)] {
                continue;
            }
            let (from, to) = (pair(i, c) * stride, (c * rows + i) * stride);
            let factor = &mut self.factor[to..to + stride];
            for ((o, p), v) in factor.iter_mut().zip(&self.packed[from..]).zip(&*inverse) {
                *o = p * v;
            }
            for j in (c + 1..=i).filter(|j| self.used[pair(*j, c)]) {
                let (out, other) = write_read(&mut self.packed, pair(i, j), pair(j, c), stride);
                subtract(out, factor, other);
            }
        }
    }

    /// The factor of place `i` in the eliminated column `c`, if it is not zero by structure.
    fn factor(&self, c: usize, i: usize) -> Option<&[f64]> {
        let at = (c * (self.states + self.locals) + i) * self.stride;
        self.used[pair(i, c)].then(|| &self.factor[at..at + self.stride])
    }

    /// First half of a solve: takes the local rows out of the right-hand side `[row][stride]`.
    pub(super) fn forward(&self, rhs: &mut [f64]) {
        vectors(|| {
            for c in 0..self.locals {
                for i in c + 1..self.states + self.locals {
                    if let Some(factor) = self.factor(c, i) {
                        let (out, source) = write_read(rhs, self.row(i), self.row(c), self.stride);
                        subtract(out, factor, source);
                    }
                }
            }
        });
    }

    /// Last half of a solve: the state rows hold the solution; finds the local rows.
    pub(super) fn backward(&self, rhs: &mut [f64]) {
        vectors(|| {
            for c in (0..self.locals).rev() {
                let row = self.row(c) * self.stride;
                let inverse = &self.inverse[c * self.stride..];
                rhs[row..row + self.stride].iter_mut().zip(inverse).for_each(|(o, v)| *o *= v);
                for i in c + 1..self.states + self.locals {
                    if let Some(factor) = self.factor(c, i) {
                        let (out, source) = write_read(rhs, self.row(c), self.row(i), self.stride);
                        subtract(out, factor, source);
                    }
                }
            }
        });
    }
}
