//! A home planned again when its load forecast changes: from nothing, and from the earlier plan, right after each other.
//!
//! `cargo bench --bench replanning -- 20` plans twenty homes of each kind and prints a table.

use std::io::{self, Write};
use std::time::Instant;

use offpeak_benches::{homes, homes_asked_for, mean, median, solve_options, sorted, with_another_forecast};
use offpeak_domain::{Certificate, Home, WarmStart};
use offpeak_solver::{HomePlan, Options, plan_again, plan_home};
use offpeak_synth::Mix;

/// Homes of each kind where no number is given: few, so that a plain `cargo bench` stays short.
const FEW: usize = 2;

const KINDS: [(&str, Mix); 3] =
    [("battery + EV", Mix::BatteryEv), ("realistic", Mix::Realistic), ("all devices", Mix::Full)];

fn main() -> io::Result<()> {
    let Some(count) = homes_asked_for("replanning", FEW) else { return Ok(()) };
    let options = solve_options();
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "\n{count} homes of each kind, one winter day in quarter-hours, planned again with a load off by up to 100 W; one thread"
    )?;
    writeln!(
        out,
        "{:<16} {:<12} {:>10} {:>9} {:>8} {:>10}",
        "", "", "median ms", "mean ms", "closed", "mean ct"
    )?;
    for (name, mix) in KINDS {
        let runs: Vec<[Run; 2]> = homes(mix, count).into_iter().map(|home| both(home, &options)).collect();
        for (way, word) in ["from nothing", "again"].into_iter().enumerate() {
            let runs: Vec<&Run> = runs.iter().map(|pair| &pair[way]).collect();
            write_way(&mut out, if way == 0 { name } else { "" }, word, &runs, &options)?;
        }
        let sum = |way: usize| runs.iter().map(|pair| pair[way].ms).sum::<f64>();
        writeln!(out, "{:<16} {:<12} {:>18.2}x", "", "", sum(0) / sum(1))?;
    }
    Ok(())
}

/// One home, planned one way.
struct Run {
    ms: f64,
    certificate: Certificate,
}

fn both(home: Home, options: &Options) -> [Run; 2] {
    let earlier = plan_home(&home, options).unwrap_or_else(|error| panic!("{error}"));
    let certificate = &earlier.plan.certificate;
    let multipliers = certificate.proof.as_ref().and_then(|proof| proof.leaves.first());
    let setpoints = &earlier.plan.costed.schedule.setpoints;
    let horizon = &home.horizon;
    let start = WarmStart::shifted((setpoints, multipliers.map(|leaf| &leaf.multipliers)), horizon, horizon);
    let home = with_another_forecast(home);
    [timed(|| plan_home(&home, options)), timed(|| plan_again(&home, &start, options))]
}

fn timed(plan: impl FnOnce() -> Result<HomePlan, offpeak_solver::SolveError>) -> Run {
    let begin = Instant::now();
    let planned = plan();
    let ms = begin.elapsed().as_secs_f64() * 1e3;
    Run { ms, certificate: planned.unwrap_or_else(|error| panic!("{error}")).plan.certificate }
}

fn write_way(
    out: &mut dyn Write,
    name: &str,
    word: &str,
    runs: &[&Run],
    options: &Options,
) -> io::Result<()> {
    let times = sorted(runs.iter().map(|run| run.ms));
    let closed = runs.iter().filter(|run| run.certificate.is_closed(options.tolerance)).count();
    let cost = mean(runs.iter().map(|run| run.certificate.objective.0));
    let (half, mean) = (median(&times), mean(times.iter().copied()));
    let closed = format!("{closed}/{}", runs.len());
    writeln!(out, "{name:<16} {word:<12} {half:>10.2} {mean:>9.2} {closed:>8} {cost:>10.2}")
}
