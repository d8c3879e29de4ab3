//! A home as the planner writes it: battery, car and rooms with loose boxes and steep penalties.

use super::super::{Family, InteriorPoint, Program, Settings, Start};
use super::dense::{Dense, Lcg};

/// One interval's length, h.
const H: f64 = 0.25;

fn put(p: &mut Program, family: Family, lower: f64, upper: f64, cost: f64) {
    p.lower_mut(family).fill(lower);
    p.upper_mut(family).fill(upper);
    p.cost_mut(family).fill(cost);
}

fn local(p: &mut Program, rows: &[(usize, f64)], upper: f64, cost: f64) -> Family {
    let family = p.add_local_family(&rows.iter().map(|(row, _)| *row).collect::<Vec<_>>());
    rows.iter().enumerate().for_each(|(i, (_, coef))| p.coef_mut(family, i).fill(*coef));
    put(p, family, 0.0, upper, cost);
    family
}

/// 14 local and 5 state families over `t` intervals; states: battery, car, rooms; local rows: balance, compressor.
pub(in super::super) fn home(seed: u64, intervals: usize) -> Program {
    let mut rng = Lcg(seed);
    let mut p = Program::default();
    p.reset(intervals, 3, 2);
    let (balance, share) = (3, 4);
    let import = local(&mut p, &[(balance, 1.0)], 25.0, 0.0);
    let export = local(&mut p, &[(balance, -1.0)], 10.0, -8.0 * H);
    local(&mut p, &[(balance, 1.0)], 1e3, 1e3 * H);
    let curtail = local(&mut p, &[(balance, -1.0)], 0.0, 0.0);
    let battery = rng.between(4.0, 12.0);
    local(&mut p, &[(0, -0.95 * H), (balance, -1.0)], battery / 2.0, 0.0);
    local(&mut p, &[(0, H / 0.95), (balance, 1.0)], battery / 2.0, 2.0 * H);
    let car = local(&mut p, &[(1, -0.9 * H), (balance, -1.0)], 11.0, 0.0);
    local(&mut p, &[(1, -0.85 * H), (balance, -1.0)], 1.0, 0.1);
    let pump = local(&mut p, &[(2, 0.0), (balance, -1.0), (share, 0.3)], 3.0, 0.0);
    local(&mut p, &[(2, -0.05), (balance, -1.0), (share, 0.2)], 3.0, 0.3);
    local(&mut p, &[(share, 1.0)], 1.0, 0.0);
    local(&mut p, &[(2, -0.05), (balance, -1.0)], 2.0, 0.1);
    local(&mut p, &[(2, 1.0)], 1e3, 1e4);
    local(&mut p, &[(1, 1.0)], 50.0, 1e3);
    let stored = p.add_state_family(0, 1.0);
    put(&mut p, stored, 0.5, battery, 0.0);
    let charged = p.add_state_family(1, 1.0);
    put(&mut p, charged, 0.0, 60.0, 0.0);
    let rooms = p.add_state_family(2, 1.0);
    put(&mut p, rooms, -0.5, 1.5, 0.0);
    let above = p.add_state_family(2, 1.0);
    put(&mut p, above, 0.0, 100.0, 30.0 * H);
    let below = p.add_state_family(2, -1.0);
    put(&mut p, below, 0.0, 100.0, 60.0 * H);
    p.cost_mut(stored)[intervals - 1] = -18.0;
    let (arrival, away) = (intervals * 2 / 3, intervals / 3);
    p.upper_mut(car)[away..arrival].fill(0.0);
    p.lower_mut(charged)[away - 1] = 25.0;
    for t in 0..intervals {
        let day = t as f64 / intervals as f64 * std::f64::consts::TAU;
        let price = 28.0 - 10.0 * (2.0 * day).sin() + rng.between(-6.0, 6.0);
        p.cost_mut(import)[t] = price * H;
        let sun = (6.0 * -day.cos()).max(0.0) * rng.uniform();
        p.upper_mut(curtail)[t] = sun;
        p.cost_mut(export)[t] = -(price - 15.0).min(8.0) * H;
        p.rhs_mut(balance)[t] = rng.between(0.2, 1.5) - sun;
        p.rhs_mut(share)[t] = 1.0;
        p.rhs_mut(2)[t] = -0.2 + 0.1 * day.cos();
        p.coef_mut(pump, 0)[t] = -rng.between(0.1, 0.14);
        p.upper_mut(pump)[t] = rng.between(2.0, 3.0);
    }
    for (state, decay, first) in [(0, 0.9995, 3.0), (1, 1.0, 10.0), (2, 0.985, 0.3)] {
        p.decay_mut(state).fill(decay);
        p.rhs_mut(state)[0] += decay * first;
    }
    p.rhs_mut(1)[arrival] -= 12.0;
    p
}

/// A home whose car and heat pump are convex combinations of `count` plans each, as in column generation.
pub(in super::super) fn master(seed: u64, count: usize) -> Program {
    let mut rng = Lcg(seed + 1000);
    let mut p = home(seed, 96);
    p.clear_border(2);
    p.link_rhs_mut().fill(1.0);
    for index in 0..2 * count {
        let column = p.add_border(0.0, 1.0, rng.between(-50.0, 50.0));
        p.border_link_mut(column)[index % 2] = 1.0;
        let most = [7.0, 3.0][index % 2];
        let power: Vec<f64> = (0..96).map(|_| if rng.uniform() < 0.3 { most } else { 0.0 }).collect();
        p.border_coef_mut(column, 3).iter_mut().zip(&power).for_each(|(coef, power)| *coef = -power);
        if index % 2 == 1 {
            p.border_coef_mut(column, 4)
                .iter_mut()
                .zip(&power)
                .for_each(|(coef, power)| *coef = power / most);
        }
    }
    for row in [3, 4] {
        let (centre, delta) = p.proximal_mut(row);
        centre.fill(5.0);
        delta.fill(0.05);
    }
    p
}

#[test]
fn masters_are_solved() {
    let mut solver = InteriorPoint::default();
    for seed in 0..10 {
        let p = master(seed, 10);
        let outcome = solver.solve(&p, &Settings::default());
        Dense::new(&p).assert_optimal(&p, &solver, &outcome, &format!("master {seed}"));
        assert!(outcome.iterations <= 40, "{outcome:?}");
    }
}

#[test]
fn homes_are_solved_in_few_iterations() {
    let mut solver = InteriorPoint::default();
    let mut total = 0;
    for seed in 0..20 {
        let p = home(seed, 96);
        let outcome = solver.solve(&p, &Settings::default());
        Dense::new(&p).assert_optimal(&p, &solver, &outcome, &format!("home {seed}"));
        total += outcome.iterations;
    }
    assert!(total <= 20 * 22, "{total}");
}

#[test]
fn a_fixed_pattern_is_polished_from_the_last_duals() {
    let mut solver = InteriorPoint::default();
    for seed in 0..10 {
        let mut p = home(seed, 96);
        solver.solve(&p, &Settings::default());
        for pump in [Family(8), Family(9)] {
            let x = solver.x(pump).to_vec();
            for (t, x) in x.iter().enumerate().filter(|(_, x)| **x < 0.5) {
                p.upper_mut(pump)[t] = if *x < 0.25 { 0.0 } else { 0.5 };
            }
        }
        let warm = Settings { start: Start::Warm(0.1), ..Settings::default() };
        let outcome = solver.solve(&p, &warm);
        Dense::new(&p).assert_optimal(&p, &solver, &outcome, &format!("home {seed}"));
    }
}
