//! Long random stores with everything in them: the schedule is feasible, and bound and cost enclose the optimum.

use super::instances::{Features, Lcg, fill};
use super::judge::audit;
use crate::store::{StoreOptions, StorePath, StoreProblem, StoreSolver};

#[test]
fn bound_and_schedule_enclose_the_optimum() {
    let mut problem = StoreProblem::default();
    let options = StoreOptions::default();
    let (mut solver, mut path) = (StoreSolver::default(), StorePath::default());
    let mut feasible = 0;
    for seed in 0..400 {
        let mut lcg = Lcg::new(seed + 900);
        let intervals = 2 + seed as usize % 40;
        let features = Features {
            intervals,
            states: 1 + seed as usize % 4,
            integer: seed % 5 == 0,
            fixed: seed % 7 == 0,
            heater: seed % 2 == 0,
        };
        fill(&mut problem, features, &mut lcg);
        let Some(bound) = solver.solve(&problem, &options, &mut path) else { continue };
        feasible += 1;
        assert!((audit(&problem, &path) - path.cost).abs() < 1e-8, "seed {seed}");
        let gap = path.cost - bound;
        assert!(gap >= 0.0 && gap <= options.slack(intervals), "seed {seed}: {gap}");
    }
    assert!(feasible > 100, "{feasible}");
}

#[test]
fn reused_scratch_changes_nothing() {
    let mut problem = StoreProblem::default();
    let (mut used, mut path) = (StoreSolver::default(), StorePath::default());
    for seed in 0..40 {
        let features = Features {
            intervals: 12,
            states: 1 + seed as usize % 3,
            integer: false,
            fixed: false,
            heater: true,
        };
        fill(&mut problem, features, &mut Lcg::new(seed));
        let again = used.solve(&problem, &StoreOptions::default(), &mut path);
        let mut fresh_path = StorePath::default();
        let mut fresh_problem = StoreProblem::default();
        fill(&mut fresh_problem, features, &mut Lcg::new(seed));
        let fresh = StoreSolver::default().solve(&fresh_problem, &StoreOptions::default(), &mut fresh_path);
        assert_eq!(again, fresh);
        if fresh.is_some() {
            assert_eq!(path.state, fresh_path.state);
        }
    }
}
