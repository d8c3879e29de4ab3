//! How long it takes to write a home as a program, without solving it.

use std::hint::black_box;

use criterion::Criterion;
use offpeak_benches::{baseline, homes};
use offpeak_solver::problem_size;
use offpeak_synth::Mix;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    build_model(&mut criterion);
    criterion.final_summary();
}

fn build_model(criterion: &mut Criterion) {
    let home = &homes(Mix::Full, 1)[0];
    let start = baseline(home);
    criterion.bench_function("build_model", |bencher| {
        bencher.iter(|| problem_size(black_box(home), &start));
    });
}
