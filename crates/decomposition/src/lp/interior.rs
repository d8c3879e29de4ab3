//! Mehrotra's predictor-corrector method on a [`Program`].
//!
//! Source: S. Mehrotra, "On the implementation of a primal-dual interior point method", SIAM J. Optim. 2 (1992). All
//! boxes are finite, so every dual vector gives a valid bound, `b y + sum min over the box of (c - A^T y) x`; the method
//! stops on that bound, never on a dual residual.

use std::ops::Range;

use super::columns::Columns;
use super::newton::System;
use super::operator::{gather, gather_border, scatter, scatter_border};
use super::program::{Family, Kind, Program, zeros};
use super::start;
use super::status::{Outcome, Settings, Start, Status};

/// Share of the way to the boundary that a step takes at most.
const STEP: f64 = 0.995;

/// Which columns take part, and where.
#[derive(Clone, Debug, Default)]
pub(super) struct Layout {
    /// Families with a free column, and their numbers in the program.
    pub(super) kinds: Vec<Kind>,
    pub(super) families: Vec<usize>,
    /// The border in [`Columns`].
    pub(super) border: Range<usize>,
}

/// A point in numbers.
#[derive(Clone, Copy, Debug)]
struct Point {
    /// Mean of `t z`, ct.
    mu: f64,
    objective: f64,
    bound: f64,
    residual: f64,
}

/// The method with its working memory, reused from solve to solve.
#[derive(Clone, Debug, Default)]
pub(crate) struct InteriorPoint {
    stride: usize,
    intervals: usize,
    columns: Columns,
    layout: Layout,
    system: System,
    /// Right-hand sides less the fixed families, `[row][stride]`.
    b: Vec<f64>,
    /// Cost of the fixed families, ct.
    fixed_cost: f64,
    /// Bounds on the complementarity products: two per free column.
    products: f64,
    joint: bool,
    y: Vec<f64>,
    nu: Vec<f64>,
    residual: Vec<f64>,
    link_residual: Vec<f64>,
    /// `A D g`, then the step of `y`.
    dy: Vec<f64>,
    dnu: Vec<f64>,
    border_step: Vec<f64>,
    /// The border's `g`.
    border_pull: Vec<f64>,
    /// What a refinement still has to solve.
    rest: Vec<f64>,
    link_rest: Vec<f64>,
    scratch: Vec<f64>,
    solution: Vec<f64>,
    border_solution: Vec<f64>,
}

impl InteriorPoint {
    /// Solves `program`; the results stay readable until the next solve. Never panics on bad numbers, never returns a
    /// NaN.
    pub(crate) fn solve(&mut self, program: &Program, settings: &Settings) -> Outcome {
        if start::crossed(program) {
            return Outcome {
                status: Status::Infeasible,
                objective: 0.0,
                bound: 0.0,
                residual: f64::MAX,
                iterations: 0,
            };
        }
        self.prepare(program);
        self.begin(program, settings.start);
        let outcome = self.iterate(program, settings);
        self.extract(program);
        outcome
    }

    /// The columns of a family `[t]` at the last point.
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

    fn prepare(&mut self, program: &Program) {
        (self.stride, self.intervals) = (program.stride, program.intervals);
        start::load(program, &mut self.columns, &mut self.layout);
        self.system.blocks.prepare(program, &self.layout.kinds);
        let len = program.rows() * program.stride;
        for data in [&mut self.residual, &mut self.dy] {
            zeros(data, len);
        }
        for data in [&mut self.link_residual, &mut self.dnu] {
            zeros(data, program.border.rhs.len());
        }
        zeros(&mut self.border_step, self.layout.border.len());
        zeros(&mut self.border_pull, self.layout.border.len());
        zeros(&mut self.scratch, program.stride);
        self.products = 2.0 * self.columns.mask.iter().sum::<f64>().max(1.0);
        self.joint = self.columns.quad.iter().any(|q| *q > 0.0) || program.delta.iter().any(|d| *d > 0.0);
        self.fold_fixed(program);
    }

    /// Moves the families without a free column to the right-hand side and the constant of the objective.
    fn fold_fixed(&mut self, program: &Program) {
        self.b.clone_from(&program.rhs);
        self.solution.clear();
        self.solution.resize(program.lower.len(), 0.0);
        self.fixed_cost = 0.0;
        let mut active = self.layout.families.iter().peekable();
        for (family, kind) in program.kinds.iter().enumerate() {
            if active.next_if(|next| **next == family).is_some() {
                continue;
            }
            let range = family * self.stride..(family + 1) * self.stride;
            let x = &mut self.solution[range.clone()];
            for (i, x) in range.zip(x) {
                *x = 0.5 * (program.lower[i] + program.upper[i]);
                self.fixed_cost += (program.cost[i] + 0.5 * program.quad[i] * *x) * *x;
                self.scratch[i % self.stride] = -*x;
            }
            scatter(program, *kind, &self.scratch, &mut self.b);
        }
    }

    /// First point: central for the duals it starts with.
    fn begin(&mut self, program: &Program, from: Start) {
        let (len, links) = (program.rows() * program.stride, program.border.rhs.len());
        let warm = matches!(from, Start::Warm(_)) && self.y.len() == len && self.nu.len() == links;
        if !warm {
            zeros(&mut self.y, len);
            zeros(&mut self.nu, links);
        }
        self.gather_all(program, true);
        let columns = &mut self.columns;
        for i in 0..columns.p.len() {
            let middle = 0.5 * (columns.lower[i] + columns.upper[i]);
            columns.p[i] = columns.cost[i] + columns.quad[i] * middle - columns.v[i];
        }
        let mu = match from {
            Start::Warm(mu) if warm => mu,
            _ => {
                let c = &self.columns; let n = self.products / 2.0;
                let s: f64 = (0..c.p.len()).map(|i| c.p[i].abs() * (c.upper[i]-c.lower[i])).sum::<f64>() / n;
                s.max(1e-3) }
        };
        self.columns.centre(mu);
    }

    /// `v = A^T y` (`duals`) or `A^T dy`, for all columns.
    fn gather_all(&mut self, program: &Program, duals: bool) {
        let (y, nu) = if duals { (&self.y, &self.nu) } else { (&self.dy, &self.dnu) };
        for (slot, kind) in self.layout.kinds.iter().enumerate() {
            let range = slot * self.stride..(slot + 1) * self.stride;
            gather(program, *kind, y, &mut self.columns.v[range]);
        }
        gather_border(program, y, nu, &mut self.columns.v[self.layout.border.clone()]);
    }

    fn iterate(&mut self, program: &Program, settings: &Settings) -> Outcome {
        let scale = 1.0 + self.b.iter().fold(0.0, |m: f64, b| m.max(b.abs())) / 100.0;
        let mut last = Outcome {
            status: Status::Stalled,
            objective: 0.0,
            bound: f64::MIN,
            residual: f64::MAX,
            iterations: 0,
        };
        let mut steps = (1.0, 1.0);
        for iteration in 0..=settings.iterations {
            let point = self.measure(program);
            if !(point.mu + point.objective + point.bound + point.residual).is_finite() {
                break;
            }
            last = Outcome {
                status: Status::Stalled,
                objective: point.objective,
                bound: point.bound,
                residual: point.residual,
                iterations: iteration,
            };
            let gap = (point.objective - point.bound).abs() / (1.0 + point.objective.abs());
            if point.residual <= settings.feasibility * scale && gap <= settings.gap {
                last.status = Status::Optimal;
                break;
            }
            if point.bound > settings.cutoff {
                last.status = Status::Cutoff;
                break;
            }
            let hard = iteration > 3 && point.residual > 1e-7 * scale && steps.0 < 0.9;
            if hard && self.proves_infeasible(program) {
                last.status = Status::Infeasible;
                break;
            }
            if f64::max(steps.0, steps.1) < 1e-7 {
                break;
            }
            steps = self.step(program, &point);
        }
        last
    }

    /// Residuals, sums, weights and the predictor's right-hand side at the current point.
    fn measure(&mut self, program: &Program) -> Point {
        self.residual.clone_from(&self.b);
        self.link_residual.clone_from(&program.border.rhs);
        self.dy.fill(0.0);
        self.system.blocks.clear();
        let (mut complementarity, mut objective, mut bound) = (0.0, self.fixed_cost, self.fixed_cost);
        let columns = &mut self.columns;
        for (slot, kind) in self.layout.kinds.iter().enumerate() {
            let range = slot * self.stride..(slot + 1) * self.stride;
            columns.point(range.clone(), &mut self.scratch);
            self.scratch.iter_mut().for_each(|x| *x = -*x);
            scatter(program, *kind, &self.scratch, &mut self.residual);
            let sums = columns.measure(range.clone());
            scatter(program, *kind, &columns.dx[range.clone()], &mut self.dy);
            self.system.blocks.add(program, *kind, &columns.d[range]);
            complementarity += sums.complementarity;
            objective += sums.objective;
            bound += sums.bound;
        }
        let border = self.layout.border.clone();
        let sums = columns.measure(border.clone());
        columns.point(border, &mut self.border_step);
        self.border_step.iter_mut().for_each(|x| *x = -*x);
        scatter_border(program, &self.border_step, &mut self.residual, &mut self.link_residual);
        complementarity += sums.complementarity;
        objective += sums.objective;
        bound += sums.bound;
        let inner: f64 = self.b.iter().zip(&self.y).map(|(b, y)| b * y).sum();
        let links: f64 = program.border.rhs.iter().zip(&self.nu).map(|(b, y)| b * y).sum();
        bound += inner + links;
        if self.joint {
            let (more, less) = self.proximal(program);
            objective += more;
            bound -= less;
        }
        let largest = |m: f64, r: &f64| m.max(r.abs());
        let residual = self.link_residual.iter().fold(self.residual.iter().fold(0.0, largest), largest);
        Point { mu: complementarity / self.products, objective, bound, residual }
    }

    /// Subtracts `delta (y - centre)` from the residual; returns its terms in the objective and in the bound.
    fn proximal(&mut self, program: &Program) -> (f64, f64) {
        let first = program.states * self.stride;
        let (mut more, mut less) = (0.0, 0.0);
        for (i, (delta, centre)) in program.delta.iter().zip(&program.centre).enumerate() {
            let away = self.y[first + i] - centre;
            let slack = delta * away;
            self.residual[first + i] -= slack;
            more += slack * (centre + 0.5 * away);
            less += 0.5 * slack * away;
        }
        (more, less)
    }

    /// One predictor-corrector step; returns the primal and the dual step length.
    fn step(&mut self, program: &Program, point: &Point) -> (f64, f64) {
        let border = self.layout.border.clone();
        self.system.factor(program, &self.columns.d[border]);
        self.solve_newton(program);
        let (target, second) = self.aim(point);
        self.dy.fill(0.0);
        for (slot, kind) in self.layout.kinds.iter().enumerate() {
            let range = slot * self.stride..(slot + 1) * self.stride;
            self.columns.recentre(range.clone(), target, second);
            scatter(program, *kind, &self.columns.dx[range], &mut self.dy);
        }
        self.columns.recentre(self.layout.border.clone(), target, second);
        self.solve_newton(program);
        let (primal, dual) = self.columns.correct(0..self.columns.tl.len());
        let (mut primal, mut dual) = (step_length(primal), step_length(dual));
        if self.joint {
            primal = primal.min(dual);
            dual = primal;
        }
        self.columns.advance(0..self.columns.tl.len(), primal, dual);
        self.y.iter_mut().zip(&self.dy).for_each(|(y, d)| *y += dual * d);
        self.nu.iter_mut().zip(&self.dnu).for_each(|(y, d)| *y += dual * d);
        (primal, dual)
    }

    /// From `dy = A D g` and the border's `dx = D g` to the whole Newton step.
    fn solve_newton(&mut self, program: &Program) {
        self.dy.iter_mut().zip(&self.residual).for_each(|(d, r)| *d = r - *d);
        self.dnu.clone_from(&self.link_residual);
        let border = self.layout.border.clone();
        let (d, dx) = (&self.columns.d[border.clone()], &self.columns.dx[border.clone()]);
        for ((g, d), dx) in self.border_pull.iter_mut().zip(d).zip(dx) {
            *g = if *d > 0.0 { dx / d } else { 0.0 };
        }
        self.border_step.clone_from(&self.border_pull);
        self.system.solve(program, &mut self.dy, &mut self.border_step, &mut self.dnu);
        self.gather_all(program, false);
        self.columns.direction(0..border.start);
        self.columns.dx[border].copy_from_slice(&self.border_step);
        if program.borders() > 0 {
            self.refine(program);
            self.refine(program);
        }
    }

    /// One step of iterative refinement of the Newton step.
    fn refine(&mut self, program: &Program) {
        let border = self.layout.border.clone();
        self.rest.clone_from(&self.residual);
        self.link_rest.clone_from(&self.link_residual);
        for (slot, kind) in self.layout.kinds.iter().enumerate() {
            let dx = &self.columns.dx[slot * self.stride..(slot + 1) * self.stride];
            self.scratch.iter_mut().zip(dx).for_each(|(s, x)| *s = -x);
            scatter(program, *kind, &self.scratch, &mut self.rest);
        }
        self.border_step.iter_mut().for_each(|x| *x = -*x);
        scatter_border(program, &self.border_step, &mut self.rest, &mut self.link_rest);
        let first = program.states * self.stride;
        for ((rest, delta), dy) in self.rest[first..].iter_mut().zip(&program.delta).zip(&self.dy[first..]) {
            *rest -= delta * dy;
        }
        for (i, at) in border.clone().enumerate() {
            let (d, v) = (self.columns.d[at], self.columns.v[at]);
            self.border_step[i] = if d > 0.0 { self.border_pull[i] + v - self.columns.dx[at] / d } else { 0.0 };
        }
        self.system.solve(program, &mut self.rest, &mut self.border_step, &mut self.link_rest);
        self.dy.iter_mut().zip(&self.rest).for_each(|(d, r)| *d += r);
        self.dnu.iter_mut().zip(&self.link_rest).for_each(|(d, r)| *d += r);
        for (slot, kind) in self.layout.kinds.iter().enumerate() {
            let range = slot * self.stride..(slot + 1) * self.stride;
            gather(program, *kind, &self.rest, &mut self.scratch);
            let columns = &mut self.columns;
            for (at, v) in range.zip(&self.scratch) {
                columns.v[at] += v;
                columns.dx[at] += columns.d[at] * v;
            }
        }
        for (at, x) in border.clone().zip(&self.border_step) {
            self.columns.dx[at] += x;
        }
        gather_border(program, &self.dy, &self.dnu, &mut self.columns.v[border.clone()]);
        self.border_step.copy_from_slice(&self.columns.dx[border]);
    }

    /// Complementarity to aim at, and the share of the second-order terms (Mehrotra's heuristic).
    fn aim(&mut self, point: &Point) -> (f64, f64) {
        let p = self.columns.predict(0..self.columns.tl.len());
        let (mut primal, mut dual) = (1.0 / p.primal.max(1.0), 1.0 / p.dual.max(1.0));
        if self.joint {
            primal = primal.min(dual);
            dual = primal;
        }
        let change = primal * p.z_dt + dual * p.t_dz + primal * dual * p.dt_dz;
        let ratio = (1.0 + change / (self.products * point.mu)).clamp(0.0, 1.0);
        let floor = 1e-9 * (1.0 + point.objective.abs()) / self.products;
        ((point.mu * ratio * ratio * ratio).max(floor), 1.0)
    }

    /// Whether the duals combine the rows to a contradiction with the boxes (Farkas).
    fn proves_infeasible(&mut self, program: &Program) -> bool {
        if program.delta.iter().any(|d| *d > 0.0) {
            return false;
        }
        self.gather_all(program, true);
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
    }
}

/// Step length for the largest ratio `-d / value`.
fn step_length(ratio: f64) -> f64 {
    (STEP / ratio.max(f64::MIN_POSITIVE)).min(1.0)
}
