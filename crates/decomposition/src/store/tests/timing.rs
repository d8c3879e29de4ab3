//! How long typical stores take; run with `--ignored --nocapture`.

use std::time::Instant;

use super::instances::Lcg;
use crate::store::{Domain, Piece, Side, StoreOptions, StorePath, StoreProblem, StoreSolver};

const INTERVALS: usize = 96;
const NONE: f64 = f64::NEG_INFINITY;

/// Day-shaped prices with noise, ct/kWh.
fn price(t: usize, lcg: &mut Lcg) -> f64 {
    let day = 25.0 + 8.0 * (t as f64 * 0.13).sin() - 6.0 * (t as f64 * 0.07).cos();
    day + lcg.within(-2.0, 2.0)
}

/// A car, 0 or 1.4 .. 11 kW, with a target at the end.
fn car(problem: &mut StoreProblem, seed: u64) {
    let mut lcg = Lcg::new(seed);
    problem.reset(INTERVALS + 1, 1, 12.0, 0);
    for t in 0..INTERVALS {
        let price = price(t, &mut lcg);
        let (lo, hi) = (1.4 * 0.25 * 0.92, 11.0 * 0.25 * 0.92);
        problem.interval(1.0, 0.0);
        problem.arc(0, 0, NONE);
        problem.piece(Piece::hold(0.0));
        problem.piece(Piece { lo, hi, cost_lo: lo * price, cost_hi: hi * price });
        problem.domain(t + 1, Domain { lo: 0.0, hi: 60.0, below: Side::Clamp(100.0), above: Side::Wall });
    }
    problem.hinge(INTERVALS, 45.0, 80.0, 0.0);
}

/// A battery with one price to charge and one to discharge.
fn battery(problem: &mut StoreProblem, seed: u64) {
    let mut lcg = Lcg::new(seed);
    problem.reset(INTERVALS + 1, 1, 4.0, 0);
    for t in 0..INTERVALS {
        let price = price(t, &mut lcg);
        let most = 5.0 * 0.25;
        problem.interval(0.9999, 0.0);
        problem.arc(0, 0, NONE);
        problem.piece(Piece { lo: 0.0, hi: most * 0.95, cost_lo: 0.0, cost_hi: most * price });
        problem.piece(Piece { lo: -most / 0.95, hi: 0.0, cost_lo: -most * (price - 1.0), cost_hi: 0.0 });
        problem.domain(t + 1, Domain { lo: 0.5, hi: 10.0, below: Side::Wall, above: Side::Wall });
    }
    problem.hinge(INTERVALS, 10.0, 20.0, 0.0);
}

/// Rooms with a soft band, a minimum run of three and a minimum pause of two.
fn rooms(problem: &mut StoreProblem, seed: u64, modulating: bool) {
    let mut lcg = Lcg::new(seed);
    let (decay, gain) = ((-0.25_f64 / 40.0).exp(), 0.09);
    problem.reset(INTERVALS + 1, 4, 21.0, 0);
    for t in 0..INTERVALS {
        let price = price(t, &mut lcg) * 0.25;
        let outdoor = 2.0 + 4.0 * (t as f64 * 0.065).sin();
        problem.interval(decay, (1.0 - decay) * outdoor);
        let lo = if modulating { 1.0 } else { 3.0 };
        let on = Piece { lo: gain * lo, hi: gain * 3.0, cost_lo: price * lo, cost_hi: price * 3.0 };
        for (from, to, start) in [(0, 1, 4.0), (1, 2, 0.0), (2, 2, 0.0)] {
            problem.arc(from, to, NONE);
            problem.piece(Piece { cost_lo: on.cost_lo + start, cost_hi: on.cost_hi + start, ..on });
        }
        for (from, to) in [(2, 3), (3, 0), (0, 0)] {
            problem.arc(from, to, NONE);
            problem.piece(Piece::hold(0.0));
        }
        let (lo, hi) = if (24..88).contains(&t) { (20.5, 22.5) } else { (19.0, 22.0) };
        problem.hinge(t + 1, lo, 20.0 * 0.25, 0.0);
        problem.hinge(t + 1, hi, 0.0, 20.0 * 0.25);
        problem
            .domain(t + 1, Domain { lo: 15.0, hi: 26.0, below: Side::Clamp(0.0), above: Side::Clamp(0.0) });
    }
    problem.hinge(INTERVALS, 21.0, 60.0, 0.0);
}

fn measure(name: &str, build: impl Fn(&mut StoreProblem, u64)) {
    let (mut problem, mut path) = (StoreProblem::default(), StorePath::default());
    let options = StoreOptions::default();
    let mut solver = StoreSolver::default();
    let (mut times, mut pieces, mut most, mut gap) = (Vec::new(), 0, 0, 0.0_f64);
    for seed in 0..20 {
        build(&mut problem, seed);
        solver.solve(&problem, &options, &mut path);
        let mut best = f64::INFINITY;
        for _ in 0..20 {
            let clock = Instant::now();
            build(&mut problem, seed);
            let bound = solver.solve(&problem, &options, &mut path).unwrap();
            best = best.min(clock.elapsed().as_secs_f64() * 1e6);
            gap = gap.max(path.cost - bound);
        }
        times.push(best);
        let (mean, max) = solver.pieces();
        pieces += mean;
        most = most.max(max);
    }
    times.sort_by(f64::total_cmp);
    println!(
        "{name:12} median {:7.1} us, max {:7.1} us, segments mean {} max {most}, gap {gap:.5} ct",
        times[10],
        times[19],
        pieces / 20
    );
}

#[test]
#[ignore = "timing"]
fn typical_stores() {
    measure("car", car);
    measure("battery", battery);
    measure("rooms mod", |problem, seed| rooms(problem, seed, true));
    measure("rooms fixed", |problem, seed| rooms(problem, seed, false));
}
