//! Time per solve and per iteration; run with `--ignored --nocapture`.

use std::time::Instant;

use super::tests::home;
use super::{InteriorPoint, Settings, Start};

#[test]
#[ignore = "a measurement"]
fn time_of_a_home() {
    let mut solver = InteriorPoint::default();
    for (name, start) in [("cold", Start::Cold), ("warm 0.01", Start::Warm(0.01)), ("warm 0.1", Start::Warm(0.1))] {
        let settings = Settings { start, ..Settings::default() };
        let (mut best, mut steps, mut worst) = (f64::MAX, 0, 0);
        for round in 0..20 {
            let mut time = 0.0;
            for seed in 0..20 {
                let p = home(seed, 96);
                solver.solve(&p, &Settings::default());
                let clock = Instant::now();
                let outcome = solver.solve(&p, &settings);
                time += clock.elapsed().as_secs_f64() * 1e6;
                if round == 0 {
                    steps += outcome.iterations;
                    worst = worst.max(outcome.iterations);
                }
            }
            best = best.min(time);
        }
        println!(
            "{name}: {:.0} us a solve, {:.1} iterations (most {worst}), {:.1} us an iteration",
            best / 20.0,
            f64::from(u32::try_from(steps).unwrap()) / 20.0,
            best / steps as f64
        );
    }
}
