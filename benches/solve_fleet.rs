//! Homes a second: a fleet of the realistic mix, one home after the other and on all threads.

use std::time::Duration;

use criterion::{Criterion, SamplingMode, Throughput};
use offpeak_benches::{homes, solve_options};
use offpeak_solver::{plan_fleet, plan_home};
use offpeak_synth::Mix;

/// Few, so that the bench takes minutes; `offpeak plan` times fleets of any size.
const HOMES: usize = 8;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    solve_fleet(&mut criterion);
    criterion.final_summary();
}

fn solve_fleet(criterion: &mut Criterion) {
    let homes = homes(Mix::Realistic, HOMES);
    let options = solve_options();
    let mut group = criterion.benchmark_group("solve_fleet");
    group.sample_size(10).sampling_mode(SamplingMode::Flat).throughput(Throughput::Elements(HOMES as u64));
    group.warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(5));
    group.bench_function("one_thread", |bencher| {
        bencher.iter(|| homes.iter().map(|home| plan_home(home, &options)).collect::<Vec<_>>());
    });
    group.bench_function("all_threads", |bencher| bencher.iter(|| plan_fleet(&homes, &options)));
    group.finish();
}
