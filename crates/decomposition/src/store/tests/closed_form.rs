//! Stores whose optimum is known by hand.

use super::judge::audit;
use crate::store::{Domain, Piece, Side, StoreOptions, StorePath, StoreProblem, StoreSolver};

const NONE: f64 = f64::NEG_INFINITY;

fn solve(problem: &StoreProblem) -> Option<(f64, StorePath)> {
    let (mut solver, mut path) = (StoreSolver::default(), StorePath::default());
    let bound = solver.solve(problem, &StoreOptions::default(), &mut path)?;
    assert!((audit(problem, &path) - path.cost).abs() < 1e-9);
    Some((bound, path))
}

fn assert_optimum(problem: &StoreProblem, optimum: f64) -> StorePath {
    let (bound, path) = solve(problem).expect("feasible");
    let slack = StoreOptions::default().slack(problem.len());
    assert!(bound <= optimum + 1e-9 && optimum <= bound + slack, "{bound} {optimum}");
    assert!((path.cost - optimum).abs() <= slack, "{} {optimum}", path.cost);
    path
}

/// A car that needs 10 kWh and can take 0 or 1 .. 3 kWh an interval buys the three cheapest in full and 1 kWh more.
#[test]
fn car_buys_the_cheapest_intervals() {
    let prices = [30.0, 10.0, 25.0, 12.0, 40.0, 11.0, 20.0];
    let mut problem = StoreProblem::default();
    problem.reset(prices.len() + 1, 1, 5.0, 0);
    for price in prices {
        problem.interval(1.0, 0.0);
        problem.arc(0, 0, NONE);
        problem.piece(Piece::hold(0.0));
        problem.piece(Piece { lo: 1.0, hi: 3.0, cost_lo: price, cost_hi: 3.0 * price });
    }
    problem.hinge(prices.len(), 15.0, 1000.0, 0.0);
    let path = assert_optimum(&problem, 3.0 * (10.0 + 11.0 + 12.0) + 20.0);
    assert!((path.state[prices.len()] - 15.0).abs() < 1e-6);
}

/// A lossy battery moves energy once if the spread pays for the loss; convex, so also a linear program.
#[test]
fn battery_moves_what_the_spread_pays_for() {
    let prices = [10.0, 30.0];
    let mut problem = StoreProblem::default();
    problem.reset(3, 1, 2.0, 0);
    for price in prices {
        problem.interval(0.9, 0.0);
        problem.arc(0, 0, NONE);
        problem.piece(Piece { lo: 0.0, hi: 4.0, cost_lo: 0.0, cost_hi: 4.0 / 0.95 * price });
        problem.piece(Piece { lo: -4.0, hi: 0.0, cost_lo: -4.0 * 0.95 * price, cost_hi: 0.0 });
    }
    for edge in 1..3 {
        problem.domain(edge, Domain { lo: 0.0, hi: 5.0, below: Side::Wall, above: Side::Wall });
    }
    // 1.8 is left of the 2.0; 3.2 more fill the battery; 4.5 are left of 5.0 but only 4.0 can be sold, so 0.5/0.9 is
    // worth nothing: charge only to 4/0.9.
    let charged = 4.0 / 0.9 - 1.8;
    assert_optimum(&problem, charged / 0.95 * 10.0 - 4.0 * 0.95 * 30.0);
}

/// Driving more than is stored is paid by the gift; filling above the capacity is lost.
#[test]
fn gifts_and_dumps() {
    let mut problem = StoreProblem::default();
    problem.reset(3, 1, 3.0, 0);
    for drift in [-5.0, 9.0] {
        problem.interval(1.0, drift);
        problem.arc(0, 0, NONE);
        problem.piece(Piece::hold(0.0));
        problem.piece(Piece { lo: 1.0, hi: 1.0, cost_lo: 6.0, cost_hi: 6.0 });
    }
    for edge in 1..3 {
        let domain = Domain { lo: 0.0, hi: 8.0, below: Side::Clamp(7.0), above: Side::Clamp(0.0) };
        problem.domain(edge, domain);
    }
    problem.hinge(2, 8.0, 1.0, 1.0);
    let path = assert_optimum(&problem, 6.0 + 7.0);
    assert!(path.state[1].abs() < 1e-12 && (path.state[2] - 8.0).abs() < 1e-12);
}

/// The floor of an arc keeps a reserve from being sold, the wall of the domain does not.
#[test]
fn floor_keeps_a_reserve() {
    let mut problem = StoreProblem::default();
    problem.reset(2, 1, 10.0, 0);
    problem.interval(1.0, -2.0);
    problem.arc(0, 0, NONE);
    problem.piece(Piece::hold(0.0));
    problem.arc(0, 0, 4.5);
    problem.piece(Piece { lo: -6.0, hi: -1.0, cost_lo: -60.0, cost_hi: -10.0 });
    let path = assert_optimum(&problem, -35.0);
    assert!((path.state[1] - 4.5).abs() < 1e-9);
}

/// A minimum run of three intervals: the automaton counts down; heat is wanted once.
#[test]
fn minimum_run_is_paid() {
    let mut problem = StoreProblem::default();
    problem.reset(6, 3, 20.0, 0);
    for t in 0..5_u8 {
        let price = 5.0 + f64::from(t);
        problem.interval(1.0, -1.0);
        problem.arc(0, 0, NONE);
        problem.piece(Piece::hold(0.0));
        let on = Piece { lo: 2.0, hi: 2.0, cost_lo: price, cost_hi: price };
        for (from, to, start) in [(0, 1, 3.0), (1, 2, 0.0), (2, 0, 0.0)] {
            problem.arc(from, to, NONE);
            problem.piece(Piece { cost_lo: on.cost_lo + start, ..on });
        }
    }
    problem.hinge(2, 19.5, 100.0, 0.0);
    // Without heat edge 2 stands at 18; one start at t = 0 runs in 0, 1, 2.
    assert_optimum(&problem, 3.0 + 5.0 + 6.0 + 7.0);
}

/// Heater and compressor: the cheaper first, and both where one is not enough.
#[test]
fn heater_beside_the_arc() {
    let mut problem = StoreProblem::default();
    problem.reset(2, 1, 0.0, 0);
    problem.interval(0.5, 1.0);
    problem.heater(2.0, 9.0);
    problem.arc(0, 0, NONE);
    problem.piece(Piece::hold(0.0));
    problem.piece(Piece { lo: 1.0, hi: 3.0, cost_lo: 4.0, cost_hi: 12.0 });
    problem.hinge(1, 5.5, 50.0, 0.0);
    let path = assert_optimum(&problem, 12.0 + 1.5 * 9.0);
    assert!((path.step[0] - 3.0).abs() < 1e-9 && (path.heater[0] - 1.5).abs() < 1e-9);
}

#[test]
fn walls_out_of_reach_are_infeasible() {
    let mut problem = StoreProblem::default();
    problem.reset(3, 2, 0.0, 0);
    for _ in 0..2 {
        problem.interval(1.0, 0.0);
        problem.arc(0, 0, NONE);
        problem.piece(Piece::hold(0.0));
        problem.piece(Piece { lo: 1.0, hi: 2.0, cost_lo: 1.0, cost_hi: 2.0 });
    }
    let wall = |lo: f64, hi: f64| Domain { lo, hi, below: Side::Wall, above: Side::Wall };
    problem.domain(2, wall(4.1, 9.0));
    assert!(solve(&problem).is_none());
    problem.domain(2, wall(4.0, 9.0));
    assert_optimum(&problem, 4.0);
    problem.domain(2, wall(0.1, 0.9));
    assert!(solve(&problem).is_none());
    // A hole between "off" and "on".
    problem.domain(1, wall(0.2, 0.8));
    problem.domain(2, Domain::FREE);
    assert!(solve(&problem).is_none());
}

/// Three steps of 0.1 miss a wall at 0.3 by rounding only; the way beside it is dearer and may not be taken instead.
#[test]
fn walls_are_met_up_to_rounding() {
    for sign in [1.0, -1.0] {
        let mut problem = StoreProblem::default();
        problem.reset(4, 3, 0.0, 0);
        for _ in 0..3 {
            problem.interval(1.0, 0.0);
            for (from, to, step, cost) in
                [(0, 1, 0.1, 1.0), (1, 1, 0.1, 1.0), (0, 2, 0.0, 10.0), (2, 2, 0.0, 0.0)]
            {
                problem.arc(from, to, NONE);
                problem.piece(Piece { lo: step * sign, hi: step * sign, cost_lo: cost, cost_hi: cost });
            }
        }
        problem.domain(3, Domain { lo: -0.3, hi: 0.3, ..Domain::FREE });
        let path = assert_optimum(&problem, 3.0);
        assert!((path.state[3] - 0.3 * sign).abs() < 1e-12);
    }
}

#[test]
fn no_arc_from_the_state_is_infeasible() {
    let mut problem = StoreProblem::default();
    problem.reset(2, 2, 0.0, 1);
    problem.interval(1.0, 0.0);
    problem.arc(0, 0, NONE);
    problem.piece(Piece::hold(0.0));
    assert!(solve(&problem).is_none());
}

#[test]
fn no_interval_costs_nothing() {
    let mut problem = StoreProblem::default();
    problem.reset(1, 1, 4.0, 0);
    assert_eq!(solve(&problem).map(|(bound, path)| (bound, path.cost)), Some((0.0, 0.0)));
}
