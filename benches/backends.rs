//! The decomposition against HiGHS: the same homes, each solved by both right after each other, at the same proven gap.
//!
//! `cargo bench --bench backends -- 20` solves twenty homes of each kind and prints a table. HiGHS solves the tight program from
//! the baseline. The bound of each must not lie above the other's schedule, or the bench fails.

use std::io::{self, Write};
use std::time::Instant;

use offpeak_benches::{for_the_rooms_only, homes, homes_asked_for, mean, median, solve_options, sorted};
use offpeak_domain::{Certificate, Home};
use offpeak_solver::{Backend, Decomposition, Highs, Options, plan_with};
use offpeak_synth::Mix;

/// Homes of each kind where no number is given: few, so that a plain `cargo bench` stays short.
const FEW: usize = 2;

/// A kind of home: its name, the mix it is taken from, and what is taken away.
type Kind = (&'static str, Mix, fn(Home) -> Home);

const KINDS: [Kind; 4] = [
    ("EV", Mix::EvOnly, |home| home),
    ("battery + EV", Mix::BatteryEv, |home| home),
    ("battery + EV + heat pump for rooms", Mix::Full, for_the_rooms_only),
    ("all devices", Mix::Full, |home| home),
];

fn main() -> io::Result<()> {
    let Some(count) = homes_asked_for("backends", FEW) else { return Ok(()) };
    let options = solve_options();
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "\n{count} homes of each kind, one winter day in quarter-hours, one thread; gap {} % or {} ct; whole plan of a home",
        options.tolerance.relative * 100.0,
        options.tolerance.absolute.0
    )?;
    writeln!(
        out,
        "{:<36} {:<14} {:>9} {:>9} {:>9} {:>7} {:>9} {:>10}",
        "", "", "median ms", "mean ms", "max ms", "closed", "mean gap", "mean ct"
    )?;
    for (name, mix, cut) in KINDS {
        let homes: Vec<Home> = homes(mix, count).into_iter().map(cut).collect();
        let pairs: Vec<[Run; 2]> = homes.iter().map(|home| both(home, &options)).collect();
        write_kind(&mut out, name, &pairs, &options)?;
    }
    Ok(())
}

/// One home, planned by one backend.
struct Run {
    ms: f64,
    certificate: Certificate,
}

impl Run {
    fn of(backend: &dyn Backend, home: &Home, options: &Options) -> Self {
        let begin = Instant::now();
        let planned = plan_with(backend, home, options);
        let ms = begin.elapsed().as_secs_f64() * 1e3;
        let planned = planned.unwrap_or_else(|error| panic!("{error}"));
        Self { ms, certificate: planned.plan.certificate }
    }
}

/// The home by both backends, one right after the other.
fn both(home: &Home, options: &Options) -> [Run; 2] {
    let fast = Run::of(&Decomposition, home, options);
    let exact = Run::of(&Highs::default(), home, options);
    for (bound, objective) in [
        (fast.certificate.bound, exact.certificate.objective),
        (exact.certificate.bound, fast.certificate.objective),
    ] {
        assert!(
            bound.0 <= objective.0 + 1e-3,
            "{}: a bound of {bound} above a schedule of {objective}",
            home.id
        );
    }
    [fast, exact]
}

fn write_kind(out: &mut dyn Write, name: &str, pairs: &[[Run; 2]], options: &Options) -> io::Result<()> {
    for (way, backend) in ["decomposition", "highs"].into_iter().enumerate() {
        let runs: Vec<&Run> = pairs.iter().map(|pair| &pair[way]).collect();
        let times = sorted(runs.iter().map(|run| run.ms));
        let closed = runs.iter().filter(|run| run.certificate.is_closed(options.tolerance)).count();
        let gap = mean(runs.iter().map(|run| run.certificate.gap().0));
        let cost = mean(runs.iter().map(|run| run.certificate.objective.0));
        let (half, last) = (median(&times), times[times.len() - 1]);
        let shown = if way == 0 { name } else { "" };
        write!(
            out,
            "{shown:<36} {backend:<14} {half:>9.2} {:>9.2} {last:>9.1} ",
            mean(times.iter().copied())
        )?;
        writeln!(out, "{:>7} {gap:>9.3} {cost:>10.2}", format!("{closed}/{}", runs.len()))?;
    }
    let ratios = sorted(pairs.iter().map(|[fast, exact]| exact.ms / fast.ms));
    let of_means = mean(pairs.iter().map(|pair| pair[1].ms)) / mean(pairs.iter().map(|pair| pair[0].ms));
    writeln!(
        out,
        "{:<36} {:<14} {:>8.0}x {of_means:>8.0}x   (median of ratios, ratio of means)",
        "",
        "",
        median(&ratios)
    )
}
