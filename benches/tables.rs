//! Homes a second that are read from fleet tables, and written as plan tables.

use std::time::Duration;

use criterion::{Criterion, Throughput};
use offpeak_benches::{
    FORMATS, baseline_as_plan, fleet_folder, homes, read_fleet, temporary_folder, write_plans,
};
use offpeak_synth::Mix;

const HOMES: usize = 50;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    read(&mut criterion);
    write(&mut criterion);
    criterion.final_summary();
}

fn read(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("read_fleet");
    group.sample_size(10).throughput(Throughput::Elements(HOMES as u64));
    group.warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(3));
    for (name, format) in FORMATS {
        let folder = fleet_folder(Mix::Realistic, HOMES, format);
        group.bench_function(name, |bencher| bencher.iter(|| read_fleet(folder.path())));
    }
    group.finish();
}

fn write(criterion: &mut Criterion) {
    let planned: Vec<_> = homes(Mix::Realistic, HOMES)
        .into_iter()
        .map(|home| {
            let plan = baseline_as_plan(&home);
            (home, plan)
        })
        .collect();
    let mut group = criterion.benchmark_group("write_plans");
    group.sample_size(10).throughput(Throughput::Elements(HOMES as u64));
    group.warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(3));
    for (name, format) in FORMATS {
        let folder = temporary_folder();
        group.bench_function(name, |bencher| {
            bencher.iter(|| write_plans(folder.path(), format, &planned));
        });
    }
    group.finish();
}
