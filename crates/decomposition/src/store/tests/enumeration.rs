//! All schedules of small stores: exact where steps are single values, sampled where they are not.

use super::instances::{Features, Lcg, fill};
use super::judge::{audit, go};
use crate::store::{StoreOptions, StorePath, StoreProblem, StoreSolver};

/// The cheapest of all schedules in which every range is replaced by `samples` values.
fn cheapest(problem: &StoreProblem, samples: usize, t: usize, x: f64, k: usize) -> f64 {
    if t == problem.len() {
        return 0.0;
    }
    let mut best = f64::INFINITY;
    let most = problem.intervals[t].heater.map_or(0.0, |heater| heater.hi);
    for arc in problem.arcs(t).iter().filter(|arc| arc.from == k) {
        for piece in problem.pieces(arc) {
            for step in spread(piece.lo, piece.hi, samples) {
                for heat in spread(0.0, most, samples) {
                    if let Some((next, paid)) = go(problem, t, x, (arc, piece), (step, heat), 0.0) {
                        best = best.min(paid + cheapest(problem, samples, t + 1, next, arc.to));
                    }
                }
            }
        }
    }
    best
}

fn spread(lo: f64, hi: f64, samples: usize) -> Vec<f64> {
    if hi <= lo {
        return vec![lo];
    }
    (0..samples).map(|i| lo + (hi - lo) * i as f64 / (samples - 1) as f64).collect()
}

#[test]
fn fixed_steps_equal_enumeration() {
    let mut problem = StoreProblem::default();
    let options = StoreOptions { tolerance: 1e-6, ..StoreOptions::default() };
    let (mut solver, mut path) = (StoreSolver::default(), StorePath::default());
    let mut feasible = 0;
    for seed in 0..600 {
        let mut lcg = Lcg::new(seed);
        let states = 1 + seed as usize % 3;
        let features = Features { intervals: 5, states, integer: seed % 2 == 0, fixed: true, heater: false };
        fill(&mut problem, features, &mut lcg);
        let optimum = cheapest(&problem, 1, 0, problem.start, problem.start_state);
        let bound = solver.solve(&problem, &options, &mut path);
        assert_eq!(bound.is_some(), optimum.is_finite(), "seed {seed}: {optimum}");
        let Some(bound) = bound else { continue };
        feasible += 1;
        assert!(bound <= optimum && optimum <= bound + options.slack(5), "seed {seed}: {bound} {optimum}");
        assert!((audit(&problem, &path) - path.cost).abs() < 1e-9);
        assert!(path.cost >= optimum - 1e-7 && path.cost <= bound + options.slack(5), "seed {seed}");
    }
    assert!(feasible > 200, "{feasible}");
}

#[test]
fn no_sampled_schedule_beats_the_bound() {
    let mut problem = StoreProblem::default();
    let options = StoreOptions { tolerance: 1e-6, ..StoreOptions::default() };
    let (mut solver, mut path) = (StoreSolver::default(), StorePath::default());
    let (mut feasible, mut met) = (0, 0);
    for seed in 0..150 {
        let mut lcg = Lcg::new(seed + 5000);
        let features = Features {
            intervals: 3,
            states: 1 + seed as usize % 2,
            integer: false,
            fixed: false,
            heater: seed % 3 == 0,
        };
        fill(&mut problem, features, &mut lcg);
        let samples = if features.heater { 6 } else { 21 };
        let sampled = cheapest(&problem, samples, 0, problem.start, problem.start_state);
        let Some(bound) = solver.solve(&problem, &options, &mut path) else {
            assert!(sampled.is_infinite(), "seed {seed}: {sampled}");
            continue;
        };
        feasible += 1;
        met += usize::from(sampled < bound + 0.5);
        assert!(bound <= sampled, "seed {seed}: {bound} {sampled}");
        assert!((audit(&problem, &path) - path.cost).abs() < 1e-9);
        assert!(path.cost >= bound && path.cost <= bound + options.slack(3), "seed {seed}");
    }
    assert!(feasible > 60 && met > 30, "{feasible} {met}");
}
