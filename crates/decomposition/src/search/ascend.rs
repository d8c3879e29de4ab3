//! Better prices step by step along the imbalance of devices and meter, where column generation can't find them: its master knows
//! the meter's rules only by a few rows.
//!
//! Subgradient steps towards the best schedule's cost, deflected from turning back (P. M. Camerini, L. Fratta, F. Maffioli, Math.
//! Programming Study 3, 1975).

use super::Search;
use super::tree::Case;
use crate::bound::Imbalance;
use crate::oracle::View;

/// Steps for the whole home.
const STEPS: usize = 150;
/// Steps without a better bound before the pace is slowed.
const PATIENCE: usize = 12;
/// By how much.
const SLOWER: f64 = 0.6;
/// How much of the last direction is kept where the new one turns back.
const DEFLECTION: f64 = 1.5;
/// Least distance to the goal that a step counts with, ct.
const NEAREST: f64 = 0.5;
/// Share of a step's powers in the mean that schedules lean to.
const FRESH: f64 = 0.1;
/// Cost of a kW of distance from that mean, ct per interval, in the schedules constructed after it.
const WEIGHTS: [f64; 2] = [1.0, 0.2];

impl Search<'_> {
    /// Raises the bound of the home and constructs schedules near what the devices did on the way.
    pub(super) fn ascend_whole(&mut self) {
        let mut case =
            Case { allowed: self.all.clone(), prices: self.best_prices.clone(), bound: self.bound };
        self.ascend(&mut case, STEPS);
        if case.bound > self.bound {
            self.bound = case.bound;
            self.best_prices.clone_from(&case.prices);
        }
        let mean = self.lean.powers.clone();
        for weight in WEIGHTS {
            if self.closed() {
                return;
            }
            self.lean.powers.clone_from(&mean);
            self.prices.clone_from(&case.prices);
            if self.construct(weight) {
                self.improve();
            }
        }
    }

    /// Raises the bound of a case; followers lean to the mean of what the devices did from then on.
    pub(super) fn ascend(&mut self, case: &mut Case, steps: usize) {
        let (Some(pivot), true) = (self.pivot(), self.best.is_some()) else { return };
        let goal = self.enough();
        let (mut prices, mut pace, mut idle) = (case.prices.clone(), 1.0, 0);
        let (mut imbalance, mut direction) = (Imbalance::default(), Direction::default());
        self.lean.powers.clear();
        for _ in 0..steps {
            let bound = self.evaluator.bound(&self.model, &mut prices, &case.allowed, Some(pivot));
            idle = if bound > case.bound { 0 } else { idle + 1 };
            if bound > case.bound {
                (case.bound, case.prices) = (bound, prices.clone());
            }
            if case.bound >= goal {
                return;
            }
            if idle > PATIENCE {
                (pace, idle, prices) = (pace * SLOWER, 0, case.prices.clone());
                direction = Direction::default();
                continue;
            }
            let view = View { model: &self.model, prices: &prices, allowed: &case.allowed, lean: None };
            self.evaluator.imbalance(view, pivot, &mut imbalance);
            mix(&mut self.lean.powers, &imbalance.devices);
            direction.turn(&imbalance);
            let length = pace * (goal - bound).max(NEAREST) / direction.norm().max(1e-9);
            prices.step((&direction.ports, &direction.serve), length);
        }
    }
}

/// Where the prices move.
#[derive(Default)]
struct Direction {
    ports: Vec<f64>,
    serve: Vec<f64>,
}

impl Direction {
    /// Turns to the imbalance, as far as that does not turn back.
    fn turn(&mut self, to: &Imbalance) {
        self.ports.resize(to.ports.len(), 0.0);
        self.serve.resize(to.serve.len(), 0.0);
        let back = dot(&self.ports, &to.ports) + dot(&self.serve, &to.serve);
        let keep = if back < 0.0 { -DEFLECTION * back / self.norm().max(1e-9) } else { 0.0 };
        let add = |own: &mut [f64], new: &[f64]| {
            own.iter_mut().zip(new).for_each(|(own, new)| *own = keep * *own + new);
        };
        add(&mut self.ports, &to.ports);
        add(&mut self.serve, &to.serve);
    }

    /// Square of its length.
    fn norm(&self) -> f64 {
        dot(&self.ports, &self.ports) + dot(&self.serve, &self.serve)
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Moves the mean a little to the newest powers.
fn mix(mean: &mut Vec<f64>, newest: &[f64]) {
    if mean.len() == newest.len() {
        mean.iter_mut().zip(newest).for_each(|(mean, new)| *mean += FRESH * (new - *mean));
    } else {
        mean.clear();
        mean.extend_from_slice(newest);
    }
}
