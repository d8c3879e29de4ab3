//! Time per solve and per iteration; run with `--ignored --nocapture`.

use std::time::Instant;

use super::tests::home;
use super::{InteriorPoint, Settings};

#[test]
#[ignore = "a measurement"]
fn time_of_a_home() {
    let mut solver = InteriorPoint::default();
    let settings = Settings::default();
    let (mut total, mut steps, mut worst) = (0.0, 0, 0);
    for seed in 0..20 {
        let p = home(seed, 96);
        let mut best = f64::MAX;
        for _ in 0..100 {
            let clock = Instant::now();
            let outcome = solver.solve(&p, &settings);
            best = best.min(clock.elapsed().as_secs_f64() * 1e6);
            (steps, worst) = (steps + outcome.iterations, worst.max(outcome.iterations));
        }
        total += best;
    }
    let mean = steps as f64 / 2000.0;
    println!("{:.0} us a solve, {mean:.1} iterations (most {worst})", total / 20.0);
}
