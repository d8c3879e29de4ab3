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

/// What a test home's rooms are like.
#[derive(Clone, Copy)]
struct Rooms {
    modulating: bool,
    /// Pieces of an "on" arc: the kinks of a meter make several.
    pieces: usize,
    min_run: usize,
    min_pause: usize,
    walls: bool,
    heater: bool,
}

const PLAIN: Rooms =
    Rooms { modulating: true, pieces: 1, min_run: 3, min_pause: 2, walls: true, heater: false };

/// The arcs of a compressor: state 0 is "off, may start", 1 .. run are "on", the last of them stays on at will, then
/// follow the intervals of the pause. Returns the number of states and the "on" arcs with their start costs.
fn compressor(rooms: Rooms) -> (usize, Vec<(usize, usize, f64)>) {
    let (free, last) = (rooms.min_run, rooms.min_run + rooms.min_pause - 1);
    let mut on: Vec<_> = (1..free).map(|k| (k, k + 1, 0.0)).collect();
    on.extend([(0, 1, 4.0), (free, free, 0.0)]);
    (last + 1, on)
}

/// Rooms with a soft band.
fn rooms(problem: &mut StoreProblem, seed: u64, rooms: Rooms) {
    let mut lcg = Lcg::new(seed);
    let (decay, gain) = ((-0.25_f64 / 40.0).exp(), 0.09);
    let (states, on) = compressor(rooms);
    problem.reset(INTERVALS + 1, states, 21.0, 0);
    for t in 0..INTERVALS {
        let price = price(t, &mut lcg) * 0.25;
        let outdoor = 2.0 + 4.0 * (t as f64 * 0.065).sin();
        problem.interval(decay, (1.0 - decay) * outdoor);
        if rooms.heater {
            problem.heater(0.06, 3.0 * price / gain);
        }
        let cost: Vec<f64> = (0..=rooms.pieces).map(|_| price * lcg.within(0.95, 1.05)).collect();
        let power = |i: usize| {
            let least = if rooms.modulating { 1.0 } else { 2.999 };
            least + (3.0 - least) * i as f64 / rooms.pieces as f64
        };
        for &(from, to, start) in &on {
            problem.arc(from, to, NONE);
            for i in 0..rooms.pieces {
                let (lo, hi) = (power(i), power(i + 1));
                let (cost_lo, cost_hi) = (start + cost[i] * lo, start + cost[i + 1] * hi);
                problem.piece(Piece { lo: gain * lo, hi: gain * hi, cost_lo, cost_hi });
            }
        }
        let pause = (rooms.min_run..states).map(|k| (k, (k + 1) % states));
        for (from, to) in pause.chain([(0, 0)]) {
            problem.arc(from, to, NONE);
            problem.piece(Piece::hold(0.0));
        }
        let (lo, hi) = if (24..88).contains(&t) { (20.5, 22.5) } else { (19.0, 22.0) };
        problem.hinge(t + 1, lo, 20.0 * 0.25, 0.0);
        problem.hinge(t + 1, hi, 0.0, 20.0 * 0.25);
        if rooms.walls {
            problem.domain(
                t + 1,
                Domain { lo: 15.0, hi: 26.0, below: Side::Clamp(0.0), above: Side::Clamp(0.0) },
            );
        }
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
    let fixed = Rooms { modulating: false, ..PLAIN };
    let kinked = Rooms { pieces: 3, ..PLAIN };
    let kinds = [
        ("rooms", PLAIN),
        ("fixed", fixed),
        ("kinked", kinked),
        ("kinked free", Rooms { walls: false, ..kinked }),
        ("heater", Rooms { heater: true, ..kinked }),
        ("slow", Rooms { min_run: 5, min_pause: 4, ..kinked }),
        ("slow fixed", Rooms { min_run: 5, min_pause: 4, ..fixed }),
    ];
    for (name, kind) in kinds {
        measure(name, |problem, seed| rooms(problem, seed, kind));
    }
}
