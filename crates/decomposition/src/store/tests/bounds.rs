//! The coarse bounds against random schedules, and discarding against not discarding.

use super::instances::{Features, Lcg, fill};
use super::judge::go;
use crate::store::arrival::Arrival;
use crate::store::convex::value;
use crate::store::departure::Departure;
use crate::store::reach::Reach;
use crate::store::{StoreOptions, StorePath, StoreProblem, StoreSolver};

fn features(seed: u64) -> Features {
    Features {
        intervals: 3 + seed as usize % 8,
        states: 1 + seed as usize % 3,
        integer: seed.is_multiple_of(3),
        fixed: seed.is_multiple_of(4),
        heater: seed.is_multiple_of(2),
    }
}

/// A random schedule: per edge the state, the automaton state and the cost so far; none if it ran into a wall.
fn wander(problem: &StoreProblem, lcg: &mut Lcg) -> Option<Vec<(f64, usize, f64)>> {
    let mut way = vec![(problem.start, problem.start_state, 0.0)];
    for t in 0..problem.len() {
        let (x, k, cost) = way[t];
        let open: Vec<_> =
            problem.arcs(t).iter().filter(|arc| arc.from == k && !arc.pieces.is_empty()).collect();
        let most = problem.intervals[t].heater.map_or(0.0, |heater| heater.hi);
        let next = (0..30).find_map(|_| {
            let arc = open.get((lcg.unit() * open.len() as f64) as usize)?;
            let pieces = problem.pieces(arc);
            let piece = &pieces[(lcg.unit() * pieces.len() as f64) as usize];
            let moved = (lcg.within(piece.lo, piece.hi), lcg.within(0.0, most));
            go(problem, t, x, (arc, piece), moved, 0.0).map(|(next, paid)| (next, arc.to, cost + paid))
        })?;
        way.push(next);
    }
    Some(way)
}

#[test]
fn random_schedules_respect_the_coarse_bounds() {
    let (mut problem, mut reach) = (StoreProblem::default(), Reach::default());
    let (mut departure, mut arrival) = (Departure::default(), Arrival::default());
    let (mut ways, mut close) = (0, 0);
    for seed in 0..400 {
        let mut lcg = Lcg::new(seed + 31);
        fill(&mut problem, features(seed), &mut lcg);
        reach.compute(&problem);
        let whole = departure.compute(&problem, &reach);
        arrival.compute(&problem, &departure, f64::INFINITY);
        for _ in 0..30 {
            let Some(way) = wander(&problem, &mut lcg) else { continue };
            ways += 1;
            let total = way[problem.len()].2;
            assert!(whole <= total + 1e-9 && arrival.whole() <= total + 1e-9, "seed {seed}");
            close += usize::from(arrival.whole() > total - 10.0);
            for (t, &(x, k, cost)) in way.iter().enumerate().skip(1) {
                let penalty = problem.edge(t).penalty.at(x);
                let bound = value(arrival.get(t, k), x);
                assert!(bound <= cost - penalty + 1e-9, "seed {seed} edge {t}: {bound} {cost}");
                let bound = value(departure.get(t), x);
                assert!(bound <= total - cost + penalty + 1e-9, "seed {seed} edge {t}: {bound}");
                let span = reach.settled(t, k);
                assert!(span.lo <= x && x <= span.hi);
            }
        }
    }
    assert!(ways > 1000 && close > 20, "{ways} {close}");
}

#[test]
fn discarding_changes_nothing() {
    let (mut problem, mut path) = (StoreProblem::default(), StorePath::default());
    let (mut solver, options) =
        (StoreSolver::default(), StoreOptions { first_guess: 0.01, ..StoreOptions::default() });
    let mut feasible = 0;
    for seed in 0..400 {
        fill(&mut problem, features(seed), &mut Lcg::new(seed + 4000));
        let bound = solver.solve(&problem, &options, &mut path);
        let value = solver.attempt(&problem, &options, &mut path, None);
        assert_eq!(bound.is_some(), value.is_some(), "seed {seed}");
        let (Some(bound), Some(value)) = (bound, value) else { continue };
        feasible += 1;
        assert!((bound - value).abs() <= options.slack(problem.len()), "seed {seed}: {bound} {value}");
    }
    assert!(feasible > 100, "{feasible}");
}
