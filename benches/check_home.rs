//! What a home costs beside the search: its baseline, settling and accounting a schedule, auditing a plan.

use std::hint::black_box;

use criterion::{BatchSize, Criterion};
use offpeak_audit::audit_plan;
use offpeak_baseline::uncontrolled;
use offpeak_benches::{baseline_as_plan, homes};
use offpeak_domain::Costed;
use offpeak_synth::Mix;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    check_home(&mut criterion);
    criterion.final_summary();
}

fn check_home(criterion: &mut Criterion) {
    let home = &homes(Mix::Full, 1)[0];
    let setpoints = uncontrolled(home);
    let plan = baseline_as_plan(home).plan;
    let mut group = criterion.benchmark_group("check_home");
    group.bench_function("baseline", |bencher| bencher.iter(|| uncontrolled(black_box(home))));
    group.bench_function("settle_and_account", |bencher| {
        let of = |setpoints| Costed::of(home, setpoints);
        bencher.iter_batched(|| setpoints.clone(), of, BatchSize::SmallInput);
    });
    group.bench_function("audit", |bencher| bencher.iter(|| audit_plan(black_box(home), &plan)));
    group.finish();
}
