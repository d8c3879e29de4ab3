//! What the tight formulation and the start from the baseline are worth: the same homes solved in three ways.
//!
//! `cargo bench -p offpeak-benches --bench formulation -- 30` solves thirty homes of each mix and prints a table.
//! Every home is solved in all ways right after each other, so that whatever else the machine does falls on all
//! of them. Iterations are those of the simplex method: the same on any machine.

use std::env;
use std::io::{self, Write};
use std::time::Instant;

use offpeak_benches::{homes, is_smoke_test, solve_options};
use offpeak_domain::{Certificate, Home};
use offpeak_solver::{Formulation, Highs, Options, SolveError, Start, plan_with};
use offpeak_synth::Mix;

/// Homes of each mix where no number is given: few, so that a plain `cargo bench` stays short.
const FEW: usize = 2;

/// Where a search gives up. Lower than in a plan, because the naive way often gets there.
const NODE_LIMIT: u64 = 500;

const MIXES: [(&str, Mix); 2] = [
    ("Heat pump alone (rooms and hot water)", Mix::PumpOnly),
    ("All devices (PV, battery, EVs, heat pump, appliance)", Mix::Full),
];

/// The naive way comes first: the others are measured against it.
const WAYS: [(&str, Highs); 3] = [
    ("naive, no start", Highs { formulation: Formulation::Naive, start: Start::Nothing }),
    ("tight, no start", Highs { formulation: Formulation::Tight, start: Start::Nothing }),
    ("tight, from baseline", Highs { formulation: Formulation::Tight, start: Start::Schedule }),
];

fn main() -> io::Result<()> {
    let Some(count) = homes_asked_for(env::args().skip(1)) else { return Ok(()) };
    let options = solve_options();
    let options = Options { node_limit: options.node_limit.min(NODE_LIMIT), ..options };
    let mut out = io::stdout().lock();
    write_heading(&mut out, count, &options)?;
    for (title, mix) in MIXES {
        let mut runs = Vec::new();
        for home in &homes(mix, count) {
            let ways = WAYS.map(|(_, highs)| Run::of(highs, home, &options));
            write_progress(&mut io::stderr(), home, &ways)?;
            runs.push(ways);
        }
        write_table(&mut out, title, &runs, &options)?;
    }
    Ok(())
}

/// How many homes of each mix; none if the arguments ask for other benches only.
///
/// Cargo hands every bench the same arguments: flags of criterion, and a filter of names.
fn homes_asked_for(arguments: impl Iterator<Item = String>) -> Option<usize> {
    let mut count = if is_smoke_test() { 1 } else { FEW };
    for argument in arguments.filter(|argument| !argument.starts_with('-')) {
        match argument.parse::<usize>() {
            Ok(number) => count = number.max(1),
            Err(_) if "formulation".contains(&argument) => {}
            Err(_) => return None,
        }
    }
    Some(count)
}

/// One home, solved in one way.
struct Run {
    seconds: f64,
    certificate: Result<Certificate, SolveError>,
}

impl Run {
    fn of(highs: Highs, home: &Home, options: &Options) -> Self {
        let begin = Instant::now();
        let planned = plan_with(&highs, home, options);
        let seconds = begin.elapsed().as_secs_f64();
        Self { seconds, certificate: planned.map(|planned| planned.plan.certificate) }
    }

    fn iterations(&self) -> u64 {
        match &self.certificate {
            Ok(Certificate { iterations, .. }) | Err(SolveError::NoSchedule { iterations, .. }) => {
                *iterations
            }
            Err(_) => 0,
        }
    }

    fn is_closed(&self, options: &Options) -> bool {
        self.certificate.as_ref().is_ok_and(|certificate| certificate.is_closed(options.tolerance))
    }
}

fn write_heading(out: &mut dyn Write, count: usize, options: &Options) -> io::Result<()> {
    let Options { tolerance: gap, node_limit } = options;
    writeln!(
        out,
        "\nThe same homes solved in three ways: {count} of each mix, one winter day in quarter-hours;"
    )?;
    writeln!(
        out,
        "gap {} % or {} ct, at most {node_limit} nodes, one thread; times are for the whole plan of a home",
        gap.relative * 100.0,
        gap.absolute.0
    )
}

/// A line for each home, because a table of many takes a while.
fn write_progress(talk: &mut dyn Write, home: &Home, ways: &[Run; 3]) -> io::Result<()> {
    write!(talk, "{}:", home.id)?;
    for ((name, _), run) in WAYS.iter().zip(ways) {
        write!(talk, "  {name} {:.2} s {} iterations", run.seconds, run.iterations())?;
    }
    writeln!(talk)
}

fn write_table(out: &mut dyn Write, title: &str, runs: &[[Run; 3]], options: &Options) -> io::Result<()> {
    writeln!(
        out,
        "\n{title}\n{:<20} {:>8} {:>8} {:>8} {:>9} {:>8} {:>10} {:>7} {:>9}",
        "", "mean s", "median s", "max s", "total s", "of naive", "iterations", "closed", "mean ct"
    )?;
    let naive_s = Line::of(runs, 0, options).total_s();
    for (way, (name, _)) in WAYS.iter().enumerate() {
        let line = Line::of(runs, way, options);
        let (mean, median, max, total) = (line.mean_s(), line.median_s(), line.max_s(), line.total_s());
        let (ratio, iterations, mean_ct) = (total / naive_s, line.iterations, line.mean_ct);
        let closed = format!("{}/{}", line.closed, runs.len());
        write!(out, "{name:<20} {mean:>8.3} {median:>8.3} {max:>8.3} {total:>9.2} ")?;
        writeln!(out, "{ratio:>8.3} {iterations:>10} {closed:>7} {mean_ct:>9.2}")?;
    }
    write_same_gap(out, runs, options)?;
    for (way, (name, _)) in WAYS.iter().enumerate() {
        for error in runs.iter().filter_map(|ways| ways[way].certificate.as_ref().err()) {
            writeln!(out, "{name}, not in the mean ct of any way: {error}")?;
        }
    }
    Ok(())
}

/// The times of homes that every way closed: where one stops at the node limit, it bought less for its time.
fn write_same_gap(out: &mut dyn Write, runs: &[[Run; 3]], options: &Options) -> io::Result<()> {
    let closed: Vec<_> = runs.iter().filter(|ways| ways.iter().all(|run| run.is_closed(options))).collect();
    let total_s = |way: usize| closed.iter().map(|ways| ways[way].seconds).sum::<f64>();
    write!(out, "closed in all ways, {} of {} homes:", closed.len(), runs.len())?;
    if !closed.is_empty() {
        let [naive, tight, started] = [0, 1, 2].map(total_s);
        let (of_tight, of_started) = (tight / naive, started / naive);
        write!(out, " {naive:.2} s, {tight:.2} s ({of_tight:.3}), {started:.2} s ({of_started:.3})")?;
    }
    writeln!(out)
}

/// All homes of a mix, solved in one way.
struct Line {
    /// Ascending; at least one.
    seconds: Vec<f64>,
    iterations: u64,
    closed: usize,
    /// Mean objective of the homes that have a plan in all ways: the quality that the times were bought at.
    mean_ct: f64,
}

impl Line {
    fn of(runs: &[[Run; 3]], way: usize, options: &Options) -> Self {
        let mut seconds: Vec<f64> = runs.iter().map(|ways| ways[way].seconds).collect();
        seconds.sort_by(f64::total_cmp);
        let planned_in_all = |ways: &&[Run; 3]| ways.iter().all(|run| run.certificate.is_ok());
        let objective_ct = |ways: &[Run; 3]| Some(ways[way].certificate.as_ref().ok()?.objective.0);
        let objectives: Vec<f64> = runs.iter().filter(planned_in_all).filter_map(objective_ct).collect();
        Self {
            seconds,
            iterations: runs.iter().map(|ways| ways[way].iterations()).sum(),
            closed: runs.iter().filter(|ways| ways[way].is_closed(options)).count(),
            mean_ct: objectives.iter().sum::<f64>() / objectives.len() as f64,
        }
    }

    fn total_s(&self) -> f64 {
        self.seconds.iter().sum()
    }

    fn mean_s(&self) -> f64 {
        self.total_s() / self.seconds.len() as f64
    }

    fn median_s(&self) -> f64 {
        let half = self.seconds.len() / 2;
        if self.seconds.len() % 2 == 1 {
            self.seconds[half]
        } else {
            f64::midpoint(self.seconds[half - 1], self.seconds[half])
        }
    }

    fn max_s(&self) -> f64 {
        self.seconds[self.seconds.len() - 1]
    }
}
