//! The judge: a dense matrix built from the definition of a program, and its optimality conditions.

use super::super::program::Kind;
use super::super::{InteriorPoint, Outcome, Program, Status};

/// A random number generator without a library (64-bit congruential).
pub(super) struct Lcg(pub(super) u64);

impl Lcg {
    pub(super) fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    pub(super) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.uniform()
    }

    pub(super) fn below(&mut self, n: usize) -> usize {
        let share = self.uniform() * n as f64;
        (1..n).take_while(|i| *i as f64 <= share).count()
    }
}

/// `A x + delta (y - centre) = b` with dense rows; columns are families by `[family][t]`, then the border.
pub(super) struct Dense {
    pub(super) a: Vec<Vec<f64>>,
    pub(super) b: Vec<f64>,
    pub(super) lower: Vec<f64>,
    pub(super) upper: Vec<f64>,
    pub(super) cost: Vec<f64>,
    pub(super) quad: Vec<f64>,
    pub(super) centre: Vec<f64>,
    pub(super) delta: Vec<f64>,
}

impl Dense {
    /// Written from the equations in the documentation of [`Program`].
    pub(super) fn new(p: &Program) -> Self {
        let (steps, stride, links, borders) = (p.intervals, p.stride, p.border.rhs.len(), p.borders());
        let rows = p.rows() * steps + links;
        let mut a = vec![Vec::new(); rows];
        let (mut lower, mut upper, mut cost, mut quad) = (vec![], vec![], vec![], vec![]);
        let mut column = 0;
        for (family, kind) in p.kinds.iter().enumerate() {
            for t in 0..steps {
                for row in &mut a {
                    row.push(0.0);
                }
                match *kind {
                    Kind::Local { rows, count, first } => {
                        for position in 0..count {
                            a[rows[position] * steps + t][column] =
                                p.coefficients[(first + position) * stride + t];
                        }
                    }
                    Kind::State { state, sign } => {
                        a[state * steps + t][column] = sign;
                        if t + 1 < steps {
                            a[state * steps + t + 1][column] = -sign * p.decay[state * stride + t + 1];
                        }
                    }
                }
                let at = family * stride + t;
                lower.push(p.lower[at]);
                upper.push(p.upper[at]);
                cost.push(p.cost[at]);
                quad.push(p.quad[at]);
                column += 1;
            }
        }
        for border in 0..borders {
            for row in &mut a {
                row.push(0.0);
            }
            for row in 0..p.rows() {
                for t in 0..steps {
                    a[row * steps + t][column] = p.border.entries[(border * p.rows() + row) * stride + t];
                }
            }
            for link in 0..links {
                a[p.rows() * steps + link][column] = p.border.links[border * links + link];
            }
            column += 1;
        }
        lower.extend(&p.border.lower);
        upper.extend(&p.border.upper);
        cost.extend(&p.border.cost);
        quad.extend(&p.border.quad);
        let spread = |values: &[f64], rows: usize| -> Vec<f64> {
            (0..rows * steps).map(|i| values[i / steps * stride + i % steps]).collect()
        };
        let mut b = spread(&p.rhs, p.rows());
        b.extend(&p.border.rhs);
        let pad = |values: Vec<f64>| [vec![0.0; p.states * steps], values, vec![0.0; links]].concat();
        let (centre, delta) = (pad(spread(&p.centre, p.locals)), pad(spread(&p.delta, p.locals)));
        Self { a, b, lower, upper, cost, quad, centre, delta }
    }

    /// Point and duals of a solve, in the order of this matrix.
    pub(super) fn read(p: &Program, solver: &InteriorPoint) -> (Vec<f64>, Vec<f64>) {
        let mut x: Vec<f64> =
            (0..p.kinds.len()).flat_map(|f| solver.x(super::super::Family(f)).to_vec()).collect();
        x.extend(solver.border());
        let mut y: Vec<f64> = (0..p.rows()).flat_map(|row| solver.dual(row).to_vec()).collect();
        y.extend(solver.link_dual());
        (x, y)
    }

    pub(super) fn residual(&self, x: &[f64], y: &[f64]) -> f64 {
        let row = |i: usize| self.a[i].iter().zip(x).map(|(a, x)| a * x).sum::<f64>();
        (0..self.b.len())
            .map(|i| (row(i) + self.delta[i] * (y[i] - self.centre[i]) - self.b[i]).abs())
            .fold(0.0, f64::max)
    }

    pub(super) fn objective(&self, x: &[f64], y: &[f64]) -> f64 {
        let columns: f64 =
            x.iter().zip(&self.cost).zip(&self.quad).map(|((x, c), q)| c * x + 0.5 * q * x * x).sum();
        let slack = |i: usize| self.delta[i] * (y[i] - self.centre[i]);
        let rows: f64 =
            (0..y.len()).map(|i| slack(i) * (self.centre[i] + 0.5 * (y[i] - self.centre[i]))).sum();
        columns + rows
    }

    /// The exact Lagrangian minimum at `y`: a lower bound on the optimum.
    pub(super) fn bound(&self, y: &[f64]) -> f64 {
        let rows: f64 = (0..y.len())
            .map(|i| self.b[i] * y[i] - 0.5 * self.delta[i] * (y[i] - self.centre[i]).powi(2))
            .sum();
        let column = |j: usize| {
            let price = self.cost[j] - (0..y.len()).map(|i| self.a[i][j] * y[i]).sum::<f64>();
            let value = |x: f64| price * x + 0.5 * self.quad[j] * x * x;
            let inner = if self.quad[j] > 0.0 {
                (-price / self.quad[j]).clamp(self.lower[j], self.upper[j])
            } else {
                self.lower[j]
            };
            value(inner).min(value(self.lower[j])).min(value(self.upper[j]))
        };
        rows + (0..self.cost.len()).map(column).sum::<f64>()
    }

    /// Largest activity of `y A x` over the boxes less `y b`; below zero it proves infeasibility.
    pub(super) fn farkas(&self, y: &[f64]) -> f64 {
        let column = |j: usize| {
            let v: f64 = (0..y.len()).map(|i| self.a[i][j] * y[i]).sum();
            (v * self.lower[j]).max(v * self.upper[j])
        };
        (0..self.cost.len()).map(column).sum::<f64>() - self.b.iter().zip(y).map(|(b, y)| b * y).sum::<f64>()
    }

    /// Asserts that a solve ended optimal and is: feasible, and closed by its own duals.
    pub(super) fn assert_optimal(&self, p: &Program, solver: &InteriorPoint, outcome: &Outcome, name: &str) {
        assert_eq!(outcome.status, Status::Optimal, "{name}: {outcome:?}");
        let (x, y) = Self::read(p, solver);
        let scale = 1.0 + self.b.iter().fold(0.0, |m: f64, b| m.max(b.abs()));
        assert!(self.residual(&x, &y) < 2e-9 * scale, "{name}: residual {}", self.residual(&x, &y));
        for (j, x) in x.iter().enumerate() {
            assert!(*x >= self.lower[j] - 1e-9 && *x <= self.upper[j] + 1e-9, "{name}: column {j} at {x}");
        }
        let (objective, bound) = (self.objective(&x, &y), self.bound(&y));
        let close = 3e-8 * (1.0 + objective.abs());
        assert!((objective - bound).abs() < close, "{name}: {objective} against bound {bound}");
        assert!(
            (objective - outcome.objective).abs() < close && (bound - outcome.bound).abs() < close,
            "{name}: {outcome:?}"
        );
    }
}
