//! An exact second implementation for integer stores. With integer states, steps, kinks and drifts and no decay the
//! problem is a network flow for every choice of arcs and pieces, so that an integer schedule is optimal.

use super::instances::{Features, Lcg, fill};
use super::judge::{audit, go};
use crate::store::{StoreOptions, StorePath, StoreProblem, StoreSolver};

const REACH: i32 = 400;

fn cell(x: f64) -> usize {
    usize::try_from(x.round() as i32 + REACH).unwrap()
}

/// The cheapest integer schedule.
fn optimum(problem: &StoreProblem) -> f64 {
    let cells = 2 * REACH as usize + 1;
    let mut after = vec![vec![0.0; cells]; problem.states];
    for t in (0..problem.len()).rev() {
        let span = if t == 0 { 0 } else { REACH - 60 };
        let mut now = vec![vec![f64::INFINITY; cells]; problem.states];
        for arc in problem.arcs(t) {
            for piece in problem.pieces(arc) {
                for offset in -span..=span {
                    let x = f64::from(offset) + if t == 0 { problem.start } else { 0.0 };
                    let value = &mut now[arc.from][cell(x)];
                    let most = problem.intervals[t].heater.map_or(0, |heater| heater.hi as i32);
                    for step in piece.lo as i32..=piece.hi as i32 {
                        for heat in 0..=most {
                            let moved = (f64::from(step), f64::from(heat));
                            if let Some((next, paid)) = go(problem, t, x, (arc, piece), moved, 0.0) {
                                *value = value.min(paid + after[arc.to][cell(next)]);
                            }
                        }
                    }
                }
            }
        }
        after = now;
    }
    after[problem.start_state][cell(problem.start)]
}

#[test]
fn integer_stores_equal_the_integer_grid() {
    let mut problem = StoreProblem::default();
    let options = StoreOptions::default();
    let (mut solver, mut path) = (StoreSolver::default(), StorePath::default());
    let mut feasible = 0;
    for seed in 0..200 {
        let mut lcg = Lcg::new(seed + 100);
        let intervals = 4 + seed as usize % 20;
        let features = Features {
            intervals,
            states: 1 + seed as usize % 3,
            integer: true,
            fixed: false,
            heater: seed % 2 == 0,
        };
        fill(&mut problem, features, &mut lcg);
        let truth = optimum(&problem);
        let bound = solver.solve(&problem, &options, &mut path);
        assert_eq!(bound.is_some(), truth.is_finite(), "seed {seed}: {truth}");
        let Some(bound) = bound else { continue };
        feasible += 1;
        let slack = options.slack(intervals);
        assert!(bound <= truth && truth <= bound + slack, "seed {seed}: {bound} {truth}");
        assert!((audit(&problem, &path) - path.cost).abs() < 1e-9);
        assert!(
            path.cost >= truth - 1e-7 && path.cost <= bound + slack,
            "seed {seed}: {} {bound}",
            path.cost
        );
    }
    assert!(feasible > 60, "{feasible}");
}
