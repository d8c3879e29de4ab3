//! One step of the interior point: residuals, predictor, corrector.

use super::columns::Prediction;
use super::interior::InteriorPoint;
use super::lanes::{dot, largest};
use super::operator::{gather, gather_border, scatter, scatter_border, scatter_both};
use super::point::Point;
use super::program::Program;

/// Share of the way to the boundary that a step takes at most.
const STEP: f64 = 0.995;
/// Complementarity that no step aims below, relative to the objective and spread over the products.
const LEAST: f64 = 1e-9;
/// A Newton step is refined until its rows hold up to this, or up to [`SHARE`] of what they were violated by before.
const SLACK: f64 = 1e-11;
const SHARE: f64 = 1e-6;
/// Most steps of iterative refinement in a careful solve.
const REFINEMENTS: usize = 4;

impl InteriorPoint {
    /// `v = A^T y` for all columns.
    pub(super) fn gather_duals(&mut self, program: &Program) {
        for (slot, kind) in self.layout.kinds.iter().enumerate() {
            let range = slot * self.stride..(slot + 1) * self.stride;
            gather(program, *kind, &self.y, &mut self.columns.v[range]);
        }
        gather_border(
            program,
            self.system.touched(),
            &self.y,
            &self.nu,
            &mut self.columns.v[self.layout.border.clone()],
        );
    }

    /// Takes the last step; then residuals, sums, weights and the predictor's right-hand side at the new point.
    pub(super) fn measure(&mut self, program: &Program) -> Point {
        self.rest.fill(0.0);
        self.link_rest.fill(0.0);
        self.dy.fill(0.0);
        self.system.blocks.clear();
        let (columns, steps) = (&mut self.columns, self.steps);
        let border = self.layout.border.clone();
        let mut sums = columns.advance(border, steps, &mut self.border_step);
        scatter_border(
            program,
            self.system.touched(),
            &self.border_step,
            &mut self.rest,
            &mut self.link_rest,
        );
        for (slot, kind) in self.layout.kinds.iter().enumerate() {
            let range = slot * self.stride..(slot + 1) * self.stride;
            let more = columns.advance(range.clone(), steps, &mut self.scratch);
            let both = [&*self.scratch, &columns.dx[range.clone()]];
            scatter_both(program, *kind, both, [&mut self.rest, &mut self.dy]);
            self.system.blocks.add(program, *kind, &columns.d[range]);
            sums.complementarity += more.complementarity;
            sums.objective += more.objective;
            sums.bound += more.bound;
        }
        difference(&mut self.residual, &self.b, &self.rest);
        difference(&mut self.link_residual, &program.border.rhs, &self.link_rest);
        let links: f64 = program.border.rhs.iter().zip(&self.nu).map(|(b, y)| b * y).sum();
        let (more, less) = if self.joint { self.proximal(program) } else { (0.0, 0.0) };
        Point {
            mu: sums.complementarity / self.products,
            objective: self.fixed_cost + sums.objective + more,
            bound: self.fixed_cost + sums.bound + dot(&self.b, &self.y) + links - less,
            residual: largest(&self.residual).max(most(&self.link_residual)),
        }
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

    /// Finds one predictor-corrector step, which [`Self::measure`] takes.
    pub(super) fn step(&mut self, program: &Program, point: &Point) {
        self.system.factor(program, &self.columns.d[self.layout.border.clone()]);
        self.solve_newton(program);
        let prediction = self.follow(program, |columns, range, direct| {
            if direct { columns.predict::<true>(range) } else { columns.predict::<false>(range) }
        });
        let target = self.aim(point, &prediction);
        self.dy.fill(0.0);
        for (slot, kind) in self.layout.kinds.iter().enumerate() {
            let range = slot * self.stride..(slot + 1) * self.stride;
            self.columns.recentre(range.clone(), target);
            scatter(program, *kind, &self.columns.dx[range], &mut self.dy);
        }
        self.columns.recentre(self.layout.border.clone(), target);
        self.solve_newton(program);
        let reached = self.follow(program, |columns, range, direct| {
            let (primal, dual) =
                if direct { columns.correct::<true>(range) } else { columns.correct::<false>(range) };
            Prediction { primal, dual, ..Prediction::NONE }
        });
        gather_border(
            program,
            self.system.touched(),
            &self.dy,
            &self.dnu,
            &mut self.columns.v[self.layout.border.clone()],
        );
        self.steps = self.lengths(STEP, &reached);
        let dual = self.steps.1;
        self.y.iter_mut().zip(&self.dy).for_each(|(y, d)| *y += dual * d);
        self.nu.iter_mut().zip(&self.dnu).for_each(|(y, d)| *y += dual * d);
    }

    /// Runs `pass` over all columns, with `v = A^T dy` at hand; tells it whether `dx` still lacks `D v`.
    fn follow(
        &mut self,
        program: &Program,
        pass: impl Fn(&mut super::columns::Columns, std::ops::Range<usize>, bool) -> Prediction,
    ) -> Prediction {
        let border = self.layout.border.clone();
        let careful = self.system.careful;
        let mut sums = pass(&mut self.columns, border, false);
        for (slot, kind) in self.layout.kinds.iter().enumerate() {
            let range = slot * self.stride..(slot + 1) * self.stride;
            if !careful {
                gather(program, *kind, &self.dy, &mut self.columns.v[range.clone()]);
            }
            sums = sums.join(pass(&mut self.columns, range, !careful));
        }
        sums
    }

    /// Step lengths for the largest ratios, `share` of the way to the boundary.
    fn lengths(&self, share: f64, ratios: &Prediction) -> (f64, f64) {
        let length = |ratio: f64| (share / ratio.max(share)).min(1.0);
        let (primal, dual) = (length(ratios.primal), length(ratios.dual));
        if self.joint { (primal.min(dual), primal.min(dual)) } else { (primal, dual) }
    }

    /// Complementarity to aim at: the cube of what the predictor would leave (Mehrotra's heuristic).
    fn aim(&self, point: &Point, p: &Prediction) -> f64 {
        let (primal, dual) = self.lengths(1.0, p);
        let sum = self.products * point.mu;
        let change = primal * p.z_dt - dual * (sum + p.z_dt) + primal * dual * p.dt_dz;
        let ratio = (1.0 + change / sum).clamp(0.0, 1.0);
        (point.mu * ratio.powi(3)).max(LEAST * (1.0 + point.objective.abs()) / self.products)
    }

    /// From `dy = A D g` and the border's `dx = D g` to `dy`, `dnu` and the border's `dx`; in a careful solve to all.
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
        self.columns.dx[border.clone()].copy_from_slice(&self.border_step);
        if self.system.careful {
            for (slot, kind) in self.layout.kinds.iter().enumerate() {
                let range = slot * self.stride..(slot + 1) * self.stride;
                gather(program, *kind, &self.dy, &mut self.columns.v[range.clone()]);
                self.columns.direction(range);
            }
            let mut left = REFINEMENTS;
            while left > 0 && self.find_rest(program) {
                self.refine(program);
                left -= 1;
            }
        }
    }

    /// One step of iterative refinement of the Newton step, once [`Self::find_rest`] has found what it misses.
    fn refine(&mut self, program: &Program) {
        self.system.solve(program, &mut self.rest, &mut self.border_step, &mut self.link_rest);
        self.dy.iter_mut().zip(&self.rest).for_each(|(d, r)| *d += r);
        self.dnu.iter_mut().zip(&self.link_rest).for_each(|(d, r)| *d += r);
        let columns = &mut self.columns;
        for (slot, kind) in self.layout.kinds.iter().enumerate() {
            gather(program, *kind, &self.rest, &mut self.scratch);
            for (at, v) in (slot * self.stride..).zip(&self.scratch) {
                columns.v[at] += v;
                columns.dx[at] += columns.d[at] * v;
            }
        }
        columns.dx[self.layout.border.clone()].iter_mut().zip(&self.border_step).for_each(|(x, s)| *x += s);
    }

    /// What the Newton step in `dx`, `dy`, `dnu` misses; returns whether that matters.
    fn find_rest(&mut self, program: &Program) -> bool {
        let border = self.layout.border.clone();
        self.rest.clone_from(&self.residual);
        self.link_rest.clone_from(&self.link_residual);
        for (slot, kind) in self.layout.kinds.iter().enumerate() {
            let dx = &self.columns.dx[slot * self.stride..(slot + 1) * self.stride];
            self.scratch.iter_mut().zip(dx).for_each(|(s, x)| *s = -x);
            scatter(program, *kind, &self.scratch, &mut self.rest);
        }
        self.border_step.iter_mut().zip(&self.columns.dx[border.clone()]).for_each(|(s, x)| *s = -x);
        scatter_border(
            program,
            self.system.touched(),
            &self.border_step,
            &mut self.rest,
            &mut self.link_rest,
        );
        let first = program.states * self.stride;
        for ((rest, delta), dy) in self.rest[first..].iter_mut().zip(&program.delta).zip(&self.dy[first..]) {
            *rest -= delta * dy;
        }
        gather_border(
            program,
            self.system.touched(),
            &self.dy,
            &self.dnu,
            &mut self.columns.v[border.clone()],
        );
        for (i, at) in border.enumerate() {
            let (d, v) = (self.columns.d[at], self.columns.v[at]);
            self.border_step[i] =
                if d > 0.0 { self.border_pull[i] + v - self.columns.dx[at] / d } else { 0.0 };
        }
        let rows = largest(&self.rest).max(most(&self.link_rest));
        let violated = largest(&self.residual).max(most(&self.link_residual));
        rows > f64::max(SLACK, SHARE * violated)
            || most(&self.border_step) > SHARE * (1.0 + most(&self.border_pull))
    }
}

/// The largest absolute value of a few.
fn most(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |m: f64, v| m.max(v.abs()))
}

/// `out = a - b`.
fn difference(out: &mut [f64], a: &[f64], b: &[f64]) {
    for ((o, a), b) in out.iter_mut().zip(a).zip(b) {
        *o = a - b;
    }
}
