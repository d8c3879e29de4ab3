//! `offpeak plan`: a fleet in, schedules and a summary out, homes in parallel and in bounded memory.

use std::io::{self, Write};

use anyhow::{Context, Result, bail};
use offpeak_domain::Home;
use offpeak_solver::{HomePlan, Options, plan_again, plan_home};
use offpeak_tables::{HomeEntry, PlanWriter, PlannedHome};
use rayon::prelude::*;

use crate::args::PlanArguments;
use crate::certificates;
use crate::exit::Exit;
use crate::input::{Input, reasons};
use crate::previous::{Earlier, Previous};
use crate::progress;
use crate::render::fleet::{FleetReport, HomeLine};
use crate::run_file::RunFile;

/// Homes in memory at a time. A constant, so that the tables' bytes do not depend on the machine.
const CHUNK: usize = 512;

pub(crate) fn run(arguments: &PlanArguments, out: &mut dyn Write) -> Result<Exit> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(arguments.search.threads.unwrap_or(0))
        .build()
        .context("the threads can't be started")?;
    let window = arguments.window.window();
    let options = arguments.search.options();
    let input = Input::open(&arguments.input)?;
    let mut previous =
        arguments.previous.as_deref().map(|folder| Previous::open(folder, &arguments.out)).transpose()?;
    let mut writer = PlanWriter::create(&arguments.out, arguments.format.format(), options.tolerance)
        .context("the plans can't be written")?;
    let mut certificates = certificates::Writer::create(&arguments.out, arguments.certificates)?;
    let mut report = FleetReport::default();
    let bar = progress::bar(input.len(), "planning");
    let mut entries = input.homes(&window)?;
    loop {
        let with_earlier = |entry: HomeEntry| {
            let earlier =
                previous.as_mut().map(|previous| previous.of(&entry.home_id)).transpose()?.flatten();
            Ok((entry, earlier))
        };
        let chunk: Vec<_> = entries.by_ref().take(CHUNK).map(with_earlier).collect::<Result<_>>()?;
        if chunk.is_empty() {
            break;
        }
        // One home a task: a hard home at the end of a chunk then keeps one thread busy, not all that wait behind it.
        let planned: Vec<Planned> = pool.install(|| {
            let one = |(entry, earlier): (HomeEntry, Option<Earlier>)| {
                let planned = plan_entry(entry, earlier.as_ref(), &options);
                bar.inc(1);
                planned
            };
            chunk.into_par_iter().with_max_len(1).map(one).collect()
        });
        for planned in &planned {
            report.add_notes(&planned.home_id, &planned.notes);
            report.add(write(&mut writer, planned, &options)?);
            if let (Some(certificates), Ok((_, plan))) = (&mut certificates, &planned.outcome) {
                certificates.write(&planned.home_id, plan.plan.certificate.proof.as_ref())?;
            }
        }
    }
    bar.finish_and_clear();
    if report.planned() == 0 {
        bail!("no home could be planned; first: {}", report.failures().first().unwrap_or("none"));
    }
    writer.finish().context("the plans can't be completed")?;
    if let Some(certificates) = certificates {
        certificates.finish()?;
    }
    RunFile::new(&arguments.input, &window, &options, arguments.previous.as_deref()).write(&arguments.out)?;
    warn(&report)?;
    write!(out, "{}", report.render(&arguments.out))?;
    Ok(if report.failures().count() > 0 { Exit::InPart } else { Exit::Done })
}

/// What came of one home: itself and its plan, or why there is none.
struct Planned {
    home_id: String,
    notes: Vec<String>,
    outcome: Result<(Home, HomePlan), String>,
}

fn plan_entry(entry: HomeEntry, earlier: Option<&Earlier>, options: &Options) -> Planned {
    let HomeEntry { home_id, notes, home } = entry;
    let plan = |home: &Home| match earlier.and_then(|earlier| earlier.start(home)) {
        Some(start) => plan_again(home, &start, options),
        None => plan_home(home, options),
    };
    let outcome = home.map_err(|errors| reasons(&errors)).and_then(|home| match plan(&home) {
        Ok(plan) => Ok((home, plan)),
        Err(error) => Err(error.to_string()),
    });
    Planned { home_id, notes, outcome }
}

fn write(writer: &mut PlanWriter, planned: &Planned, options: &Options) -> Result<HomeLine> {
    let (home, plan) = match &planned.outcome {
        Ok((home, plan)) => (home, plan),
        Err(reason) => {
            writer.write_failure(&planned.home_id, reason)?;
            return Ok(HomeLine::failed(&planned.home_id, reason));
        }
    };
    writer.write(&PlannedHome {
        home,
        plan: &plan.plan,
        baseline: &plan.baseline,
        savings: &plan.savings,
        baseline_clean: plan.baseline_violations.is_empty(),
        // A plan that fails its audit is no plan: the solver hands none out.
        audit_violations: 0,
    })?;
    Ok(HomeLine::planned(home, plan, options))
}

/// Failures and notes on standard error, the first few of each.
fn warn(report: &FleetReport) -> io::Result<()> {
    let mut talk = io::stderr().lock();
    report.failures().tell(&mut talk, "no plan for ", ", all named in the summary")?;
    report.notes().tell(&mut talk, "note: ", " notes")
}
