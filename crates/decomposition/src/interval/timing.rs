//! Time per home of 96 intervals; run with `--ignored --nocapture`.

use std::hint::black_box;
use std::time::Instant;

use super::tests::Lcg;
use super::{Interval, IntervalOracle, Meter, MeterRule, Segment};

const FREE: MeterRule = MeterRule::Free;
const ROUNDS: u32 = 400;

/// A day of a home: load below 2 kW, sun up to 8 kW at noon, prices of the followers around the import price.
fn day(batteries: usize, evs: usize, appliances: usize) -> Vec<Interval> {
    let mut rng = Lcg(7);
    (0..96).map(|t| quarter_hour(&mut rng, t, batteries, evs, appliances)).collect()
}

fn quarter_hour(rng: &mut Lcg, t: usize, batteries: usize, evs: usize, appliances: usize) -> Interval {
    let sun = (1.0 - ((t as f64 - 50.0) / 18.0).powi(2)).max(0.0) * 8.0;
    let import_slope = 0.25 * rng.between(24.0, 36.0);
    let mut interval = Interval::default();
    interval.clear(Meter {
        base: rng.between(0.2, 2.0) - sun,
        curtail_max: 0.0,
        import_slope,
        import_limit: 17.0,
        import_most: 17.0,
        import_overshoot_slope: 2500.0,
        export_slope: 2.0,
        export_limit: 10.0,
        export_most: 10.0,
        export_overshoot_slope: 2500.0,
    });
    for _ in 0..batteries {
        let price = if rng.chance(0.4) { import_slope } else { rng.between(5.0, 8.0) };
        add(&mut interval, &[&[(-5.0, 0.0, price + 0.3), (0.0, 5.0, price)]]);
    }
    for _ in 0..evs {
        let price = if rng.chance(0.4) { import_slope } else { rng.between(5.0, 8.0) };
        add(&mut interval, &[&[(0.0, 0.0, 0.0)], &[(1.38, 11.0, price)]]);
    }
    for _ in 0..appliances {
        let price = rng.between(4.0, 9.0);
        add(&mut interval, &[&[(0.0, 0.0, 0.0)], &[(0.5, 0.5, price)], &[(2.0, 2.0, price)]]);
    }
    interval
}

fn add(interval: &mut Interval, modes: &[&[(f64, f64, f64)]]) {
    interval.begin_follower();
    for mode in modes {
        let segments: Vec<_> = mode.iter().map(|&(lo, hi, price)| Segment { lo, hi, price }).collect();
        interval.add_mode(FREE, &segments);
    }
}

/// Least and median microseconds per day of `f` over all intervals.
fn measure(name: &str, day: &[Interval], mut f: impl FnMut(&mut IntervalOracle, &Interval)) {
    let mut oracle = IntervalOracle::default();
    let mut times: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            for interval in day {
                f(&mut oracle, interval);
            }
            start.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!("{name}: {:.1} us per 96 intervals, median {:.1}", times[0], times[times.len() / 2]);
}

#[test]
#[ignore = "a measurement"]
fn time_per_home() {
    let (simple, ev_only, battery_only, large) = (day(1, 1, 0), day(0, 1, 0), day(1, 0, 0), day(1, 2, 2));
    let mut choice = Vec::new();
    for (name, day) in [("battery + EV", &simple), ("battery + 2 EV + 2 appliances", &large)] {
        measure(&format!("{name}, minimum"), day, |oracle, interval| {
            black_box(oracle.minimum_at(interval, 0.0, FREE, &mut choice));
        });
    }
    let mut out = Vec::new();
    let pivots = [
        ("EV follows battery", &ev_only, (-5.0, 5.0)),
        ("battery follows EV", &battery_only, (1.38, 11.0)),
        ("battery + EV follow EV", &simple, (1.38, 11.0)),
        ("battery + 2 EV + 2 appliances follow EV", &large, (1.38, 11.0)),
        ("the same follow at a point", &large, (0.0, 0.0)),
    ];
    for (name, day, range) in pivots {
        let mut pieces = 0;
        measure(name, day, |oracle, interval| {
            black_box(oracle.pieces(interval, range, FREE, &mut out));
            pieces += out.len();
        });
        println!("    {:.2} pieces per interval", pieces as f64 / f64::from(ROUNDS) / 96.0);
    }
    measure("build, battery + EV", &simple[..1], |_, _| {
        black_box(day(1, 1, 0));
    });
}
