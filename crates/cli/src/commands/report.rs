//! `offpeak report`: plans, or a replay, as one HTML page.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;
use offpeak_baseline::uncontrolled;
use offpeak_domain::{Costed, Home, Proof};
use offpeak_report::{Fact, FleetRow, FleetView, HomeInput, HomeView, Report, page, plan_charts};
use offpeak_tables::{Outcome, PlannedSummary, read_schedules, read_summary, replace_file};

use super::{charts, study_report};
use crate::certificates::{self, Reader};
use crate::exit::Exit;
use crate::input::{Input, reasons};
use crate::render::euros;
use crate::run_file::RunFile;

#[derive(Debug, Args)]
pub(crate) struct ReportArguments {
    /// Folder that `offpeak plan` wrote, with `--certificates` for shadow prices, or one that `offpeak replay` wrote
    #[arg(value_name = "PLANS")]
    pub(crate) plans: PathBuf,
    /// File for the page; an earlier one is replaced
    #[arg(long, value_name = "FILE", default_value = "report.html")]
    pub(crate) out: PathBuf,
    /// Also write the charts as SVG files into this folder, for papers
    #[arg(long, value_name = "FOLDER")]
    pub(crate) svg: Option<PathBuf>,
    /// Also write the charts as PNG files into this folder
    #[arg(long, value_name = "FOLDER")]
    pub(crate) png: Option<PathBuf>,
    /// A home to show by itself; may be repeated. None: those that save most
    #[arg(long, value_name = "ID")]
    pub(crate) home: Vec<String>,
    /// How many homes to show by themselves where none is named
    #[arg(long, value_name = "N", default_value_t = 12, conflicts_with = "home")]
    pub(crate) homes: usize,
}

pub(crate) fn run(arguments: &ReportArguments, out: &mut dyn Write) -> Result<Exit> {
    if study_report::is_there(&arguments.plans) {
        return study_report::run(arguments, out);
    }
    let run = RunFile::read(&arguments.plans)?;
    let summaries = Summaries::read(&arguments.plans)?;
    let chosen = summaries.choose(arguments)?;
    let homes = views(arguments, &run, &summaries, &chosen)?;
    let report = report(arguments, &summaries, homes);
    let page = page(&report).context("the report can't be written")?;
    replace_file(&arguments.out, page.as_bytes()).context("the report can't be written")?;
    let (shown, size) = (report.homes.len(), page.len() as f64 / 1e6);
    let of = summaries.planned.len();
    writeln!(out, "{}: {shown} of {of} homes by themselves, {size:.1} MB", arguments.out.display())?;
    for note in &report.notes {
        writeln!(out, "{note}")?;
    }
    charts::write(arguments, || plan_charts(&report), out)?;
    Ok(Exit::Done)
}

/// The table of results, in the order of the plans.
struct Summaries {
    planned: Vec<(String, Box<PlannedSummary>)>,
    failed: Vec<(String, String)>,
}

impl Summaries {
    fn read(plans: &Path) -> Result<Self> {
        let mut all = Self { planned: Vec::new(), failed: Vec::new() };
        for row in read_summary(plans).context("the plans can't be read")? {
            let row = row.context("the summary can't be read")?;
            match row.outcome {
                Outcome::Planned(planned) => all.planned.push((row.home_id, planned)),
                Outcome::Failed { reason } => all.failed.push((row.home_id, reason)),
            }
        }
        Ok(all)
    }

    /// The homes that were named, or those with the largest net saving, of equal ones the first.
    fn choose(&self, arguments: &ReportArguments) -> Result<Vec<String>> {
        if arguments.home.is_empty() {
            let mut order: Vec<_> = self.planned.iter().collect();
            order.sort_by(|(_, one), (_, other)| other.savings.net.0.total_cmp(&one.savings.net.0));
            return Ok(order.into_iter().take(arguments.homes).map(|(id, _)| id.clone()).collect());
        }
        for id in &arguments.home {
            if let Some((_, reason)) = self.failed.iter().find(|(failed, _)| failed == id) {
                bail!("home `{id}` has no plan: {reason}");
            }
            if !self.planned.iter().any(|(planned, _)| planned == id) {
                let plans = arguments.plans.display();
                bail!("{plans} has no plan for home `{id}`; hint: its ids stand in the table summary");
            }
        }
        Ok(arguments.home.clone())
    }

    fn fleet(&self) -> Option<FleetView> {
        let row = |(home_id, planned): &(String, Box<PlannedSummary>)| FleetRow {
            home_id: home_id.clone(),
            baseline_bill_ct: planned.baseline_bill.0,
            bill_ct: planned.money.bill().0,
            net_saving_ct: planned.savings.net.0,
            borrowed_ct: planned.savings.borrowed.0,
            gap_ct: planned.certificate.gap().0,
            closed: planned.closed,
            iterations: planned.certificate.iterations,
        };
        let many = self.planned.len() + self.failed.len() > 1;
        many.then(|| FleetView::of(self.planned.iter().map(row).collect(), self.failed.clone()))
    }
}

/// Views of the chosen homes, in the order in which they were chosen.
fn views(
    arguments: &ReportArguments,
    run: &RunFile,
    summaries: &Summaries,
    chosen: &[String],
) -> Result<Vec<HomeView>> {
    let wanted: BTreeSet<&str> = chosen.iter().map(String::as_str).collect();
    let mut proofs =
        certificates::is_there(&arguments.plans).then(|| Reader::open(&arguments.plans)).transpose()?;
    let input = Input::open(&run.input())?;
    let mut entries = input.homes(&run.window()?)?;
    let mut schedules = read_schedules(&arguments.plans).context("the plans can't be read")?;
    let mut views = Vec::new();
    for (id, planned) in &summaries.planned {
        if views.len() == wanted.len() {
            break;
        }
        let proof = proofs.as_mut().map(|reader| reader.next(id)).transpose()?.flatten();
        if !wanted.contains(id.as_str()) {
            continue;
        }
        let home = match entries.find(|entry| entry.home_id == *id).map(|entry| entry.home) {
            Some(Ok(home)) => home,
            Some(Err(errors)) => bail!("home `{id}` can't be read any more: {}", reasons(&errors)),
            None => bail!("home `{id}` is no longer in the fleet, or not in the order of the plans"),
        };
        let written = loop {
            match schedules.next().transpose().context("the plans can't be read")? {
                Some(written) if written.home_id == *id => break written,
                Some(_) => {}
                None => bail!("{} has no schedule of home `{id}`", arguments.plans.display()),
            }
        };
        let schedule = written.of_home(&home).context("the plan can't be read")?;
        views.push(view(&home, &schedule, planned, proof.as_ref()));
    }
    let place = |view: &HomeView| chosen.iter().position(|id| *id == view.id);
    views.sort_by_key(place);
    Ok(views)
}

fn view(
    home: &Home,
    schedule: &offpeak_domain::Schedule,
    planned: &PlannedSummary,
    proof: Option<&Proof>,
) -> HomeView {
    let baseline = Costed::of(home, uncontrolled(home));
    let input = HomeInput {
        home,
        schedule,
        money: &planned.money,
        baseline: &baseline,
        savings: &planned.savings,
        multipliers: proof.and_then(Proof::deciding_multipliers),
    };
    HomeView::of(&input, home_facts(planned))
}

fn home_facts(planned: &PlannedSummary) -> Vec<Fact> {
    let certificate = &planned.certificate;
    let state = if planned.closed { "proven within tolerance" } else { "gap still open" };
    vec![
        Fact::new("bill without a plan", format!("{} EUR", euros(planned.baseline_bill))),
        Fact::new("bill of the plan", format!("{} EUR", euros(planned.money.bill()))),
        Fact::new(
            "net saving: wear, comfort, service and borrowing counted",
            format!("{} EUR", euros(planned.savings.net)),
        ),
        Fact::new("moved to another time", format!("{:.1} kWh", planned.savings.moved.0)),
        Fact::new(
            format!(
                "gap to the proven bound ({}, {} iterations): {state}",
                certificate.backend, certificate.iterations
            ),
            format!("{:.2} ct", certificate.gap().0),
        ),
    ]
}

fn report(arguments: &ReportArguments, summaries: &Summaries, homes: Vec<HomeView>) -> Report {
    let planned = summaries.planned.len();
    let title = match (planned + summaries.failed.len(), homes.first()) {
        (1, Some(home)) => format!("Plan of {}", home.id),
        (many, _) => format!("Plans of {many} homes"),
    };
    let span = homes.first().and_then(|home| Some(format!("{} onwards, {}", home.times.first()?, home.zone)));
    let closed = summaries.planned.iter().filter(|(_, planned)| planned.closed).count();
    let saved: f64 = summaries.planned.iter().map(|(_, planned)| planned.savings.net.0).sum();
    let mut facts = vec![Fact::new("", span.unwrap_or_default())];
    facts.retain(|fact| !fact.value.is_empty());
    facts.push(Fact::new("net saving", format!("{:.2} EUR", saved / 100.0)));
    facts.push(Fact::new("proofs closed", format!("{closed} of {planned}")));
    facts.push(Fact::new("offpeak", env!("CARGO_PKG_VERSION")));
    let mut notes = Vec::new();
    if arguments.home.is_empty() && homes.len() < planned {
        notes.push(format!("Shown by themselves: the {} homes of {planned} that save most.", homes.len()));
    }
    if homes.iter().any(|home| home.shadow.is_empty()) {
        notes.push("Where no certificate holds prices, there are no shadow prices.".to_owned());
    }
    Report { title, facts, notes, fleet: summaries.fleet(), study: None, homes }
}
