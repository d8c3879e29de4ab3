//! Small programs with known answers, and edges.

use super::super::{InteriorPoint, Program, Settings, Status};

/// Buy at 30, 10, 20 ct a need of 1 kW each; a store of 2 kWh, empty at first, 1 h intervals, charge efficiency 0.9.
fn store() -> Program {
    let mut p = Program::default();
    p.reset(3, 1, 1);
    let buy = p.add_local_family(&[1]);
    let charge = p.add_local_family(&[0, 1]);
    let discharge = p.add_local_family(&[0, 1]);
    let stored = p.add_state_family(0, 1.0);
    p.coef_mut(buy, 0).fill(1.0);
    p.coef_mut(charge, 0).fill(-0.9);
    p.coef_mut(charge, 1).fill(-1.0);
    p.coef_mut(discharge, 0).fill(1.0);
    p.coef_mut(discharge, 1).fill(1.0);
    p.decay_mut(0).fill(1.0);
    p.cost_mut(buy).copy_from_slice(&[30.0, 10.0, 20.0]);
    for family in [buy, charge, discharge, stored] {
        p.upper_mut(family).fill(2.0);
    }
    p.upper_mut(buy).fill(10.0);
    p.rhs_mut(1).fill(1.0);
    p
}

#[test]
fn a_store_is_filled_where_it_pays() {
    let (p, mut solver) = (store(), InteriorPoint::default());
    let outcome = solver.solve(&p, &Settings::default());
    // 30 at once, then 1 + 1/0.9 kWh at 10 ct instead of 1 at 20.
    assert_eq!(outcome.status, Status::Optimal);
    assert!((outcome.objective - (30.0 + 10.0 * (1.0 + 1.0 / 0.9))).abs() < 1e-6, "{outcome:?}");
    // The worth of stored energy is what a charge costs, in ct/kWh: the sign of the duals.
    let worth = -solver.dual(0)[1];
    assert!((worth - 10.0 / 0.9).abs() < 1e-5, "{worth}");
    assert!((solver.dual(1)[0] - 30.0).abs() < 1e-5 && (solver.dual(1)[2] - 10.0 / 0.9).abs() < 1e-5);
}

#[test]
fn a_cutoff_below_the_optimum_stops_early() {
    let (p, mut solver) = (store(), InteriorPoint::default());
    let full = solver.solve(&p, &Settings::default());
    let cut = solver.solve(&p, &Settings { cutoff: full.objective - 5.0, ..Settings::default() });
    assert_eq!(cut.status, Status::Cutoff);
    assert!(cut.iterations < full.iterations && cut.bound > full.objective - 5.0);
    let not = solver.solve(&p, &Settings { cutoff: full.objective + 0.01, ..Settings::default() });
    assert_eq!(not.status, Status::Optimal);
}

#[test]
fn crossed_bounds_are_infeasible_at_once() {
    let (mut p, mut solver) = (store(), InteriorPoint::default());
    p.lower_mut(super::super::Family(0))[1] = 11.0;
    let outcome = solver.solve(&p, &Settings::default());
    assert_eq!((outcome.status, outcome.iterations), (Status::Infeasible, 0));
    p.lower_mut(super::super::Family(0))[1] = f64::NAN;
    assert_ne!(solver.solve(&p, &Settings::default()).status, Status::Optimal);
}

#[test]
fn everything_fixed_is_only_checked() {
    let mut solver = InteriorPoint::default();
    for (supply, status) in [(1.0, Status::Optimal), (1.1, Status::Infeasible)] {
        let mut p = Program::default();
        p.reset(5, 0, 1);
        let only = p.add_local_family(&[0]);
        p.coef_mut(only, 0).fill(1.0);
        p.lower_mut(only).fill(supply);
        p.upper_mut(only).fill(supply);
        p.cost_mut(only).fill(2.0);
        p.rhs_mut(0).fill(1.0);
        let outcome = solver.solve(&p, &Settings::default());
        assert_eq!(outcome.status, status, "{outcome:?}");
        if status == Status::Optimal {
            assert!((outcome.objective - 10.0).abs() < 1e-12);
        }
    }
}

#[test]
fn bad_numbers_never_come_back_as_nan() {
    let mut solver = InteriorPoint::default();
    for bad in [f64::NAN, f64::INFINITY, 1e300] {
        let mut p = store();
        p.cost_mut(super::super::Family(0))[1] = bad;
        let outcome = solver.solve(&p, &Settings::default());
        assert!(
            (outcome.objective + outcome.bound * 1e-10 + outcome.residual * 1e-10).is_finite(),
            "{outcome:?}"
        );
        assert!(bad.is_finite() || outcome.status == Status::Stalled, "{outcome:?}");
    }
}

#[test]
fn convex_combinations_of_plans_are_priced() {
    // One need of 4 kW, two columns that bring 1 and 6 kW at 5 and 40 ct; buying costs 10 ct/kW.
    let mut p = Program::default();
    p.reset(1, 0, 1);
    let buy = p.add_local_family(&[0]);
    p.coef_mut(buy, 0).fill(1.0);
    p.upper_mut(buy).fill(100.0);
    p.cost_mut(buy).fill(10.0);
    p.rhs_mut(0).fill(4.0);
    p.clear_border(1);
    for (power, cost) in [(1.0, 5.0), (6.0, 40.0)] {
        let column = p.add_border(0.0, 1.0, cost);
        p.border_coef_mut(column, 0)[0] = power;
        p.border_link_mut(column)[0] = 1.0;
    }
    p.link_rhs_mut()[0] = 1.0;
    let mut solver = InteriorPoint::default();
    let outcome = solver.solve(&p, &Settings::default());
    // 0.4 of the first and 0.6 of the second: 26 ct; the pair (y, nu) satisfies 5 = y + nu, 40 = 6 y + nu.
    assert!((outcome.objective - 26.0).abs() < 1e-6, "{outcome:?}");
    assert!((solver.border()[0] - 0.4).abs() < 1e-6);
    assert!((solver.dual(0)[0] - 7.0).abs() < 1e-5 && (solver.link_dual()[0] + 2.0).abs() < 1e-5);
}
