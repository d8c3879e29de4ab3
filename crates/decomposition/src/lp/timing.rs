//! Time per solve and per iteration; run with `--ignored --nocapture`.

use std::time::Instant;

use super::tests::{home, master};
use super::{InteriorPoint, Settings, Start};

#[test]
#[ignore = "a measurement"]
fn time_of_a_home() {
    let mut solver = InteriorPoint::default();
    for (name, start) in
        [("cold", Start::Cold), ("warm 0.01", Start::Warm(0.01)), ("warm 0.1", Start::Warm(0.1))]
    {
        let settings = Settings { start, ..Settings::default() };
        let (mut total, mut steps, mut worst) = (0.0, 0, 0);
        for seed in 0..20 {
            let p = home(seed, 96);
            let mut best = f64::MAX;
            for _ in 0..100 {
                solver.solve(&p, &Settings::default());
                let clock = Instant::now();
                let outcome = solver.solve(&p, &settings);
                best = best.min(clock.elapsed().as_secs_f64() * 1e6);
                (steps, worst) = (steps + outcome.iterations, worst.max(outcome.iterations));
            }
            total += best;
        }
        let mean = steps as f64 / 2000.0;
        println!("{name}: {:.0} us a solve, {mean:.1} iterations (most {worst})", total / 20.0);
    }
}

#[test]
#[ignore = "a measurement"]
fn time_of_a_master() {
    let mut solver = InteriorPoint::default();
    for count in [2, 5, 10, 20] {
        let (mut total, mut steps) = (0.0, 0);
        for seed in 0..10 {
            let p = master(seed, count);
            let mut best = f64::MAX;
            for _ in 0..20 {
                let clock = Instant::now();
                let outcome = solver.solve(&p, &Settings { gap: 1e-5, ..Settings::default() });
                best = best.min(clock.elapsed().as_secs_f64() * 1e6);
                steps += outcome.iterations;
            }
            total += best;
        }
        println!(
            "{} columns: {:.0} us a solve, {:.1} iterations",
            2 * count,
            total / 10.0,
            steps as f64 / 200.0
        );
    }
}
