//! Mehrotra's predictor-corrector method on a [`Program`].
//!
//! Source: S. Mehrotra, "On the implementation of a primal-dual interior point method", SIAM J. Optim. 2 (1992). All
//! boxes are finite, so every dual vector gives a valid bound, `b y + sum min over the box of (c - A^T y) x`; the method
//! stops on that bound, never on a dual residual.

use std::ops::Range;

use super::columns::Columns;
use super::lanes::dot;
use super::newton::System;
use super::operator::scatter;
use super::point::Point;
use super::program::{Family, Kind, Program, zeros};
use super::start;
use super::status::{Outcome, Settings, Start, Status};

/// One way to try a program.
#[derive(Clone, Copy, Debug)]
struct Attempt {
    /// Starting complementarity relative to [`Columns::spread`].
    spread: f64,
    /// Most iterations.
    patience: usize,
    /// Give up early where the start looks bad.
    hasty: bool,
    /// See [`System::careful`].
    careful: bool,
}

/// Tried in turn. A small spread saves iterations, a large one gets along with any boxes.
const ATTEMPTS: [Attempt; 3] = [
    Attempt { spread: 1.0, patience: 40, hasty: true, careful: false },
    Attempt { spread: 30.0, patience: 40, hasty: false, careful: false },
    Attempt { spread: 1000.0, patience: 60, hasty: false, careful: true },
];
/// A step this short among the first [`EARLY`] means that the start was too close to the bounds.
const SHORT: f64 = 0.1;
const EARLY: usize = 8;

/// Which columns take part, and where.
#[derive(Clone, Debug, Default)]
pub(super) struct Layout {
    /// Families with a free column, and their numbers in the program.
    pub(super) kinds: Vec<Kind>,
    pub(super) families: Vec<usize>,
    /// The border in [`Columns`].
    pub(super) border: Range<usize>,
}

/// The method with its working memory, reused from solve to solve.
#[derive(Clone, Debug, Default)]
pub(crate) struct InteriorPoint {
    pub(super) stride: usize,
    intervals: usize,
    pub(super) columns: Columns,
    pub(super) layout: Layout,
    pub(super) system: System,
    /// Right-hand sides less the fixed families, `[row][stride]`.
    pub(super) b: Vec<f64>,
    /// Cost of the fixed families, ct.
    pub(super) fixed_cost: f64,
    /// Complementarity products: two per free column.
    pub(super) products: f64,
    /// Primal and dual step lengths must be equal: there is curvature or a proximal term.
    pub(super) joint: bool,
    /// Last step lengths, primal and dual.
    pub(super) steps: (f64, f64),
    pub(super) y: Vec<f64>,
    pub(super) nu: Vec<f64>,
    pub(super) residual: Vec<f64>,
    pub(super) link_residual: Vec<f64>,
    /// `A D g`, then the step of `y`.
    pub(super) dy: Vec<f64>,
    pub(super) dnu: Vec<f64>,
    /// The border's `g`, and its step.
    pub(super) border_pull: Vec<f64>,
    pub(super) border_step: Vec<f64>,
    /// What a refinement still has to solve.
    pub(super) rest: Vec<f64>,
    pub(super) link_rest: Vec<f64>,
    pub(super) scratch: Vec<f64>,
    solution: Vec<f64>,
    border_solution: Vec<f64>,
}

impl InteriorPoint {
    /// Solves `program`; the results stay readable until the next solve. Never panics on bad numbers, never returns a
    /// NaN.
    pub(crate) fn solve(&mut self, program: &Program, settings: &Settings) -> Outcome {
        let mut outcome = Outcome::nothing();
        self.prepare(program);
        if start::crossed(program) {
            outcome.status = Status::Infeasible;
        } else {
            for attempt in &ATTEMPTS {
                let before = outcome.iterations;
                self.begin(program, settings.start, attempt);
                outcome =
                    self.iterate(program, settings, attempt, settings.iterations.saturating_sub(before));
                outcome.iterations += before;
                if outcome.status != Status::Stalled || outcome.iterations >= settings.iterations {
                    break;
                }
            }
        }
        self.extract(program);
        outcome
    }

    /// The columns of a family `[t]` at the last point, within their bounds.
    pub(crate) fn x(&self, family: Family) -> &[f64] {
        let at = family.0 * self.stride;
        &self.solution[at..at + self.intervals]
    }

    /// The duals of a row `[t]`, ct per unit of its right-hand side.
    pub(crate) fn dual(&self, row: usize) -> &[f64] {
        &self.y[row * self.stride..row * self.stride + self.intervals]
    }

    /// The border columns at the last point.
    pub(crate) fn border(&self) -> &[f64] {
        &self.border_solution
    }

    /// The duals of the link rows.
    pub(crate) fn link_dual(&self) -> &[f64] {
        &self.nu
    }

    /// Duals `[t]` of a row for the next [`Start::Warm`]: a guess, after [`Self::clear_duals`], or last duals changed.
    pub(crate) fn dual_mut(&mut self, row: usize) -> &mut [f64] {
        let at = row * self.stride;
        &mut self.y[at..at + self.intervals]
    }

    /// Sets all duals to zero, in the shape of `program`.
    pub(crate) fn clear_duals(&mut self, program: &Program) {
        (self.stride, self.intervals) = (program.stride, program.intervals);
        zeros(&mut self.y, program.rows() * program.stride);
        zeros(&mut self.nu, program.border.rhs.len());
    }

    fn prepare(&mut self, program: &Program) {
        (self.stride, self.intervals) = (program.stride, program.intervals);
        start::load(program, &mut self.columns, &mut self.layout);
        self.system.prepare(program, &self.layout.kinds);
        let len = program.rows() * program.stride;
        for data in [&mut self.residual, &mut self.dy, &mut self.rest] {
            zeros(data, len);
        }
        for data in [&mut self.link_residual, &mut self.dnu, &mut self.link_rest] {
            zeros(data, program.border.rhs.len());
        }
        for data in [&mut self.border_step, &mut self.border_pull] {
            zeros(data, self.layout.border.len());
        }
        zeros(&mut self.scratch, program.stride);
        self.products = 2.0 * dot(&self.columns.mask, &self.columns.mask).max(1.0);
        self.joint = self.columns.curved || program.delta.iter().any(|d| *d > 0.0);
        if self.y.len() != len || self.nu.len() != program.border.rhs.len() {
            self.clear_duals(program);
        }
        self.fold_fixed(program);
    }

    /// Moves the families without a free column to the right-hand side and the constant of the objective.
    fn fold_fixed(&mut self, program: &Program) {
        self.b.clone_from(&program.rhs);
        zeros(&mut self.solution, program.lower.len());
        self.fixed_cost = 0.0;
        let mut active = self.layout.families.iter().peekable();
        for (family, kind) in program.kinds.iter().enumerate() {
            if active.next_if(|next| **next == family).is_some() {
                continue;
            }
            let first = family * self.stride;
            for t in 0..self.stride {
                let x = 0.5 * (program.lower[first + t] + program.upper[first + t]);
                self.fixed_cost += (program.cost[first + t] + 0.5 * program.quad[first + t] * x) * x;
                self.solution[first + t] = x;
                self.scratch[t] = -x;
            }
            scatter(program, *kind, &self.scratch, &mut self.b);
        }
    }

    /// First point of an attempt: central for the duals it starts with.
    fn begin(&mut self, program: &Program, from: Start, attempt: &Attempt) {
        let warm = attempt.hasty && from != Start::Cold;
        if !warm {
            self.clear_duals(program);
        }
        self.system.careful = attempt.careful || program.borders() > 0;
        self.gather_duals(program);
        self.columns.price_middles();
        let mu = match from {
            Start::Warm(mu) if warm => mu,
            _ => attempt.spread * self.columns.spread(),
        };
        self.columns.centre(mu);
        self.steps = (1.0, 1.0);
    }

    /// Steps until something is known, at most `most` times.
    fn iterate(&mut self, program: &Program, settings: &Settings, attempt: &Attempt, most: usize) -> Outcome {
        let most = most.min(attempt.patience);
        let scale = 1.0 + self.b.iter().fold(0.0, |m: f64, b| m.max(b.abs())) / 100.0;
        let mut last = Outcome::nothing();
        let (mut before, mut gap_before) = (f64::MAX, f64::MAX);
        for iteration in 0..=most {
            let point = self.measure(program);
            if !(point.mu + point.objective + point.bound + point.residual).is_finite() {
                break;
            }
            last = Outcome { iterations: iteration, ..point.outcome() };
            let stuck = point.residual > 0.5 * before;
            let gap = self.gap(&point, gap_before);
            if let Some(status) = point.end(settings, (scale, gap), stuck) {
                last.status = status;
                break;
            }
            let violated = point.residual > 1e-7 * scale;
            let shortest = self.steps.0.min(self.steps.1);
            (before, gap_before) = (point.residual, point.gap());
            // A step that halves the violation says nothing about infeasibility.
            if violated && stuck && iteration > 2 && self.proves_infeasible(program) {
                last.status = Status::Infeasible;
                break;
            }
            let hopeless = self.steps.0.max(self.steps.1) < 1e-7;
            if hopeless
                || (attempt.hasty && violated && iteration <= EARLY && shortest < SHORT)
                || iteration == most
            {
                break;
            }
            self.step(program, &point);
        }
        last
    }

    /// What is left of the gap, relative. Where a row has hardly a choice its dual runs away, and times the rounding in the row it
    /// spoils the bound: a gap that no longer shrinks counts as its complementarity.
    fn gap(&self, point: &Point, before: f64) -> f64 {
        let gap = point.gap();
        let complementarity = self.products * point.mu / (1.0 + point.objective.abs());
        if gap > 0.5 * before { gap.min(complementarity) } else { gap }
    }

    /// Whether the duals combine the rows to a contradiction with the boxes (Farkas).
    fn proves_infeasible(&mut self, program: &Program) -> bool {
        if program.delta.iter().any(|d| *d > 0.0) {
            return false;
        }
        self.gather_duals(program);
        let columns = &self.columns;
        let inner: f64 = self.b.iter().zip(&self.y).map(|(b, y)| b * y).sum();
        let links: f64 = program.border.rhs.iter().zip(&self.nu).map(|(b, y)| b * y).sum();
        let bounds = columns.lower.iter().zip(&columns.upper);
        let most: f64 = columns.v.iter().zip(bounds).map(|(v, (l, u))| (v * l).max(v * u)).sum();
        let size = self.y.iter().chain(&self.nu).fold(0.0, |m: f64, y| m.max(y.abs()));
        inner + links - most > 1e-7 * size
    }

    /// Copies the last point out.
    fn extract(&mut self, program: &Program) {
        for (slot, family) in self.layout.families.iter().enumerate() {
            let range = slot * self.stride..(slot + 1) * self.stride;
            let out = &mut self.solution[family * self.stride..(family + 1) * self.stride];
            self.columns.point(range, out);
        }
        self.columns.point(self.layout.border.clone(), &mut self.border_step);
        self.border_solution.clear();
        self.border_solution.extend_from_slice(&self.border_step[..program.borders()]);
        for value in
            self.solution.iter_mut().chain(&mut self.border_solution).chain(&mut self.y).chain(&mut self.nu)
        {
            *value = if value.is_finite() { *value } else { 0.0 };
        }
    }
}
