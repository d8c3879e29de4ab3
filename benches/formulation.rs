//! What the tight formulation and the schedule to start from are worth: the same homes solved in four ways.
//!
//! `cargo bench -p offpeak-benches --bench formulation -- 30` solves thirty homes of each mix and prints a table.
//! Every home is solved in all ways right after each other, so that whatever else the machine does falls on all
//! of them. Iterations are those of the simplex method: the same on any machine. The naive way is its search alone; the
//! others are whole plans, with two small linear programs and an audit after the search.

use std::io::{self, Write};
use std::time::Instant;

use offpeak_benches::{for_the_rooms_only, homes, homes_asked_for, median, solve_options, sorted};
use offpeak_domain::{Cents, Costed, Home};
use offpeak_solver::{Backend, Decomposition, Highs, Options, Proposal, SolveError, Start, plan_with};
use offpeak_synth::Mix;
use offpeak_tests::naive::{self, Presolve};

/// Homes of each mix where no number is given: few, so that a plain `cargo bench` stays short.
const FEW: usize = 2;

/// Where a search gives up. Lower than in a plan, because the naive way often gets there.
const NODE_LIMIT: u64 = 500;

/// How many ways there are.
const COUNT: usize = 4;

/// Solves a home in one of the ways.
type Way = fn(&Home, &Options) -> Result<Found, Failed>;

/// The naive way comes first: the others are measured against it.
const WAYS: [(&str, Way); COUNT] = [
    ("naive, no start", naively),
    ("tight, no start", |home, options| planned(&Highs { start: Start::Nothing }, home, options)),
    ("tight, from baseline", |home, options| planned(&Highs { start: Start::Schedule }, home, options)),
    ("tight, from fast", |home, options| planned(&FromFast, home, options)),
];

/// Makes another home of one.
type Change = fn(Home) -> Home;

/// Titles, mixes, and what is changed in their homes.
const MIXES: [(&str, Mix, Change); 3] = [
    ("Heat pump alone (rooms and hot water)", Mix::PumpOnly, |home| home),
    ("Battery, EV, and heat pump for the rooms only (with PV)", Mix::Full, for_the_rooms_only),
    ("All devices (PV, battery, EVs, heat pump, appliance)", Mix::Full, |home| home),
];

/// What a way came to.
struct Found {
    objective: Cents,
    closed: bool,
    iterations: u64,
}

/// A way that ended without a plan.
struct Failed {
    message: String,
    iterations: u64,
}

fn naively(home: &Home, options: &Options) -> Result<Found, Failed> {
    match naive::search(home, options, Presolve::On) {
        Ok(found) => Ok(Found {
            objective: found.objective,
            closed: found.objective - found.bound <= options.tolerance.allowed(found.objective),
            iterations: found.iterations,
        }),
        Err(unsolved) => Err(Failed { message: unsolved.message, iterations: unsolved.iterations }),
    }
}

fn planned(backend: &dyn Backend, home: &Home, options: &Options) -> Result<Found, Failed> {
    match plan_with(backend, home, options) {
        Ok(planned) => {
            let certificate = planned.plan.certificate;
            let closed = certificate.is_closed(options.tolerance);
            Ok(Found { objective: certificate.objective, closed, iterations: certificate.iterations })
        }
        Err(error) => {
            let iterations =
                if let SolveError::NoSchedule { iterations, .. } = error { iterations } else { 0 };
            Err(Failed { message: error.to_string(), iterations })
        }
    }
}

/// HiGHS from the schedule of the fast backend, also where that has closed the gap already.
struct FromFast;

impl Backend for FromFast {
    fn name(&self) -> &'static str {
        "highs"
    }

    fn solve(&self, home: &Home, start: &Costed, options: &Options) -> Result<Proposal, SolveError> {
        let fast = Decomposition.solve(home, start, options)?;
        Highs { start: Start::Schedule }.solve(home, &Costed::of(home, fast.setpoints), options)
    }
}

fn main() -> io::Result<()> {
    let Some(count) = homes_asked_for("formulation", FEW) else { return Ok(()) };
    let options = solve_options();
    let options = Options { node_limit: options.node_limit.min(NODE_LIMIT), ..options };
    let mut out = io::stdout().lock();
    write_heading(&mut out, count, &options)?;
    for (title, mix, changed) in MIXES {
        let mut runs = Vec::new();
        for home in homes(mix, count).into_iter().map(changed) {
            let ways = WAYS.map(|(_, way)| Run::of(way, &home, &options));
            write_progress(&mut io::stderr(), &home, &ways)?;
            runs.push(ways);
        }
        write_table(&mut out, title, &runs)?;
    }
    Ok(())
}

/// One home, solved in one way.
struct Run {
    seconds: f64,
    outcome: Result<Found, Failed>,
}

impl Run {
    fn of(way: Way, home: &Home, options: &Options) -> Self {
        let begin = Instant::now();
        let outcome = way(home, options);
        Self { seconds: begin.elapsed().as_secs_f64(), outcome }
    }

    fn iterations(&self) -> u64 {
        match &self.outcome {
            Ok(Found { iterations, .. }) | Err(Failed { iterations, .. }) => *iterations,
        }
    }

    fn is_closed(&self) -> bool {
        self.outcome.as_ref().is_ok_and(|found| found.closed)
    }
}

fn write_heading(out: &mut dyn Write, count: usize, options: &Options) -> io::Result<()> {
    let Options { tolerance: gap, node_limit, .. } = options;
    writeln!(
        out,
        "\nThe same homes solved in {COUNT} ways: {count} of each mix, one winter day in quarter-hours;"
    )?;
    writeln!(
        out,
        "gap {} % or {} ct, at most {node_limit} nodes, one thread",
        gap.relative * 100.0,
        gap.absolute.0
    )
}

/// A line for each home, because a table of many takes a while.
fn write_progress(talk: &mut dyn Write, home: &Home, ways: &[Run; COUNT]) -> io::Result<()> {
    write!(talk, "{}:", home.id)?;
    for ((name, _), run) in WAYS.iter().zip(ways) {
        write!(talk, "  {name} {:.2} s {} iterations", run.seconds, run.iterations())?;
    }
    writeln!(talk)
}

fn write_table(out: &mut dyn Write, title: &str, runs: &[[Run; COUNT]]) -> io::Result<()> {
    writeln!(
        out,
        "\n{title}\n{:<20} {:>8} {:>8} {:>8} {:>9} {:>8} {:>10} {:>7} {:>9}",
        "", "mean s", "median s", "max s", "total s", "of naive", "iterations", "closed", "mean ct"
    )?;
    let naive_s = Line::of(runs, 0).total_s();
    for (way, (name, _)) in WAYS.iter().enumerate() {
        let line = Line::of(runs, way);
        let (mean, median, max, total) = (line.mean_s(), line.median_s(), line.max_s(), line.total_s());
        let (ratio, iterations, mean_ct) = (total / naive_s, line.iterations, line.mean_ct);
        let closed = format!("{}/{}", line.closed, runs.len());
        write!(out, "{name:<20} {mean:>8.3} {median:>8.3} {max:>8.3} {total:>9.2} ")?;
        writeln!(out, "{ratio:>8.3} {iterations:>10} {closed:>7} {mean_ct:>9.2}")?;
    }
    write_same_gap(out, runs)?;
    for (way, (name, _)) in WAYS.iter().enumerate() {
        for error in runs.iter().filter_map(|ways| ways[way].outcome.as_ref().err()) {
            writeln!(out, "{name}, not in the mean ct of any way: {}", error.message)?;
        }
    }
    Ok(())
}

/// The times of homes that every way closed: where one stops at the node limit, it bought less for its time.
fn write_same_gap(out: &mut dyn Write, runs: &[[Run; COUNT]]) -> io::Result<()> {
    let closed: Vec<_> = runs.iter().filter(|ways| ways.iter().all(Run::is_closed)).collect();
    let total_s = |way: usize| closed.iter().map(|ways| ways[way].seconds).sum::<f64>();
    write!(out, "closed in all ways, {} of {} homes:", closed.len(), runs.len())?;
    if !closed.is_empty() {
        let naive_s = total_s(0);
        for way in 0..COUNT {
            write!(out, " {:.2} s ({:.3})", total_s(way), total_s(way) / naive_s)?;
        }
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
    fn of(runs: &[[Run; COUNT]], way: usize) -> Self {
        let seconds = sorted(runs.iter().map(|ways| ways[way].seconds));
        let planned_in_all = |ways: &&[Run; COUNT]| ways.iter().all(|run| run.outcome.is_ok());
        let objective_ct = |ways: &[Run; COUNT]| Some(ways[way].outcome.as_ref().ok()?.objective.0);
        let objectives: Vec<f64> = runs.iter().filter(planned_in_all).filter_map(objective_ct).collect();
        Self {
            seconds,
            iterations: runs.iter().map(|ways| ways[way].iterations()).sum(),
            closed: runs.iter().filter(|ways| ways[way].is_closed()).count(),
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
        median(&self.seconds)
    }

    fn max_s(&self) -> f64 {
        self.seconds[self.seconds.len() - 1]
    }
}
