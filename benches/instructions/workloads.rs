//! What is counted. Each workload is prepared outside the count.

use std::hint::black_box;

use offpeak_audit::audit_plan;
use offpeak_baseline::uncontrolled;
use offpeak_benches::{
    baseline, baseline_as_plan, fleet_folder, homes, read_fleet, temporary_folder, write_plans,
};
use offpeak_domain::{Costed, Home};
use offpeak_solver::{Backend, Decomposition, Effort, Options, problem_size};
use offpeak_synth::Mix;
use offpeak_tables::Format;

/// Homes of every workload, each with all devices.
const HOMES: usize = 4;

/// Every workload by name.
pub(crate) const WORKLOADS: [(&str, fn()); 7] = [
    ("build_model", build_model),
    ("decompose", decompose),
    ("baseline", || each_home(|home| uncontrolled(home).evs.len())),
    ("settle_and_account", settle_and_account),
    ("audit", audit),
    ("read_fleet_csv", read_fleet_csv),
    ("write_plans_csv", write_plans_csv),
];

/// Runs the workload `name` once.
pub(crate) fn run(name: &str) -> Result<(), String> {
    let (_, workload) = WORKLOADS
        .iter()
        .find(|(known, _)| *known == name)
        .ok_or_else(|| format!("no workload is named {name}"))?;
    workload();
    Ok(())
}

/// The only function that callgrind counts in; it finds it by its name.
///
/// `work` comes as a trait object and returns something, so that the compiler keeps this one function and its call.
#[inline(never)]
fn measured(work: &dyn Fn() -> usize) -> usize {
    black_box(work())
}

fn each_home(work: impl Fn(&Home) -> usize) {
    let homes = homes(Mix::Full, HOMES);
    measured(&|| homes.iter().map(&work).sum());
}

fn build_model() {
    let homes: Vec<_> = homes(Mix::Full, HOMES).into_iter().map(|home| (baseline(&home), home)).collect();
    measured(&|| homes.iter().map(|(start, home)| problem_size(home, start).rows).sum());
}

/// The fast backend at its quickest: one bound, a few schedules.
fn decompose() {
    let homes: Vec<_> = homes(Mix::Full, HOMES).into_iter().map(|home| (baseline(&home), home)).collect();
    let options = Options { effort: Effort::Quick, ..Options::default() };
    let iterations = |(start, home): &(Costed, Home)| {
        Decomposition.solve(home, start, &options).map_or(0, |proposal| proposal.iterations)
    };
    measured(&|| homes.iter().map(iterations).sum::<u64>().try_into().unwrap_or(usize::MAX));
}

fn settle_and_account() {
    let homes: Vec<_> = homes(Mix::Full, HOMES).into_iter().map(|home| (uncontrolled(&home), home)).collect();
    measured(&|| {
        homes.iter().map(|(setpoints, home)| Costed::of(home, setpoints.clone()).schedule.import.len()).sum()
    });
}

fn audit() {
    let homes: Vec<_> =
        homes(Mix::Full, HOMES).into_iter().map(|home| (baseline_as_plan(&home).plan, home)).collect();
    measured(&|| homes.iter().map(|(plan, home)| audit_plan(home, plan).len()).sum());
}

fn read_fleet_csv() {
    let folder = fleet_folder(Mix::Full, HOMES, Format::Csv);
    measured(&|| read_fleet(folder.path()).len());
}

fn write_plans_csv() {
    let planned: Vec<_> = homes(Mix::Full, HOMES)
        .into_iter()
        .map(|home| {
            let plan = baseline_as_plan(&home);
            (home, plan)
        })
        .collect();
    let folder = temporary_folder();
    measured(&|| {
        write_plans(folder.path(), Format::Csv, &planned);
        planned.len()
    });
}
