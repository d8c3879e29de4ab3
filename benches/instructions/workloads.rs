//! What is counted. Each workload is prepared outside the count.

use std::hint::black_box;

use offpeak_audit::audit_plan;
use offpeak_baseline::uncontrolled;
use offpeak_benches::{
    baseline, baseline_as_plan, fleet_folder, homes, read_fleet, temporary_folder, write_plans,
};
use offpeak_domain::{Costed, Home};
use offpeak_solver::{Backend, Decomposition, Effort, Options, Proposal, problem_size};
use offpeak_synth::Mix;
use offpeak_tables::Format;
use offpeak_verify::verify;

/// Homes of every workload, each with all devices.
const HOMES: usize = 4;

/// A workload, and the function whose instructions count while it runs, as callgrind names it.
pub(crate) struct Workload {
    pub(crate) name: &'static str,
    pub(crate) counted: &'static str,
    run: fn(),
}

/// Everything that [`measured`] does.
const ALL: &str = "*workloads*measured*";

const fn whole(name: &'static str, run: fn()) -> Workload {
    Workload { name, counted: ALL, run }
}

/// One stage of the fast backend, by the function that it is.
const fn stage(name: &'static str, counted: &'static str) -> Workload {
    Workload { name, counted, run: decompose }
}

/// Every workload.
pub(crate) const WORKLOADS: [Workload; 11] = [
    whole("build_model", build_model),
    whole("decompose", decompose),
    stage("linear_programs", "*interior::InteriorPoint::solve*"),
    stage("interval_oracle", "*oracle::joint::JointOracle::write*"),
    stage("store_oracle", "*store::solver::StoreSolver::solve*"),
    whole("verify", verify_proofs),
    whole("baseline", || each_home(|home| uncontrolled(home).evs.len())),
    whole("settle_and_account", settle_and_account),
    whole("audit", audit),
    whole("read_fleet_csv", read_fleet_csv),
    whole("write_plans_csv", write_plans_csv),
];

/// Runs the workload `name` once.
pub(crate) fn run(name: &str) -> Result<(), String> {
    let workload = WORKLOADS
        .iter()
        .find(|workload| workload.name == name)
        .ok_or_else(|| format!("no workload is named {name}"))?;
    (workload.run)();
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
    measured(&|| {
        homes.iter().map(|(start, home)| propose(home, start).is_some()).filter(|found| *found).count()
    });
}

fn propose(home: &Home, start: &Costed) -> Option<Proposal> {
    Decomposition.solve(home, start, &Options { effort: Effort::Quick, ..Options::default() }).ok()
}

/// Recomputing the bounds of what [`decompose`] found.
fn verify_proofs() {
    let proven: Vec<_> = homes(Mix::Full, HOMES)
        .into_iter()
        .filter_map(|home| {
            let proof = propose(&home, &baseline(&home))?.proof?;
            Some((home, proof))
        })
        .collect();
    measured(&|| proven.iter().filter(|(home, proof)| verify(home, proof).is_ok()).count());
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
