//! How long it takes to plan a home of each kind, search and audit included.

use std::time::Duration;

use criterion::{Criterion, SamplingMode, Throughput};
use offpeak_benches::{homes, solve_options};
use offpeak_solver::plan_home;
use offpeak_synth::Mix;

/// The kinds of homes, and how many of each one iteration plans: as many as a few seconds are enough for, because
/// homes of a kind differ too much for one to stand for all.
const KINDS: [(&str, Mix, usize); 4] = [
    ("ev", Mix::EvOnly, 8),
    ("battery_ev", Mix::BatteryEv, 8),
    ("heat_pump", Mix::PumpOnly, 2),
    ("all_devices", Mix::Full, 1),
];

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    solve_home(&mut criterion);
    criterion.final_summary();
}

fn solve_home(criterion: &mut Criterion) {
    let options = solve_options();
    let mut group = criterion.benchmark_group("solve_home");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    group.warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(3));
    for (kind, mix, count) in KINDS {
        let homes = homes(mix, count);
        let plan = |home| plan_home(home, &options).expect("the search finds a plan");
        group.throughput(Throughput::Elements(count as u64));
        group.bench_function(kind, |bencher| bencher.iter(|| homes.iter().map(plan).collect::<Vec<_>>()));
    }
    group.finish();
}
