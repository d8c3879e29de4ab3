//! `offpeak audit`: written plans, perhaps edited by hand, against every equation and the money.

use std::collections::BTreeSet;
use std::io::Write;

use anyhow::{Context, Result};
use offpeak_audit::{Violation, audit_plan};
use offpeak_domain::{Cents, Home};
use offpeak_tables::{Outcome, PlannedSummary, WrittenSchedule, read_schedules, read_summary};

use offpeak_verify::verify;

use crate::args::AuditArguments;
use crate::certificates::Reader;
use crate::exit::Exit;
use crate::input::{Input, reasons};
use crate::progress;
use crate::run_file::RunFile;

/// How far a written bound may lie above the one proven by rounding in its digits alone.
const BOUND_ROUNDING: Cents = Cents(1e-3);

pub(crate) fn run(arguments: &AuditArguments, out: &mut dyn Write) -> Result<Exit> {
    let run = RunFile::read(&arguments.plans)?;
    let input = Input::open(&run.input())?;
    let mut schedules = read_schedules(&arguments.plans).context("the plans can't be read")?;
    let mut summary = read_summary(&arguments.plans).context("the plans can't be read")?;
    let bar = progress::bar(input.len(), "auditing");
    let certificates = arguments.certificate.then(|| Reader::open(&arguments.plans)).transpose()?;
    let mut findings =
        Findings { out, homes: BTreeSet::new(), count: 0, audited: 0, certificates, proven: 0, unproven: 0 };
    let mut waiting: Option<WrittenSchedule> = None;
    for entry in input.homes(&run.window()?)? {
        bar.inc(1);
        let planned = match summary.next() {
            Some(Ok(row)) if row.home_id == entry.home_id => match row.outcome {
                Outcome::Planned(planned) => planned,
                Outcome::Failed { .. } => continue,
            },
            Some(Ok(row)) => {
                findings
                    .say(&entry.home_id, &format!("the summary has home `{}` in its place", row.home_id))?;
                continue;
            }
            Some(Err(error)) => {
                findings.say(&entry.home_id, &error.to_string())?;
                continue;
            }
            None => {
                findings.say(&entry.home_id, "the summary has no row for it")?;
                continue;
            }
        };
        if waiting.is_none() {
            waiting = schedules.next().transpose().context("the schedules can't be read")?;
        }
        match (entry.home, waiting.take()) {
            (Ok(home), Some(written)) if written.home_id == home.id => {
                findings.audit(&home, &planned, &written)?;
            }
            (Ok(home), other) => {
                waiting = other;
                findings.say(&home.id, "its plan has no rows in the schedules")?;
            }
            (Err(errors), other) => {
                waiting = other.filter(|written| written.home_id != entry.home_id);
                findings.say(&entry.home_id, &format!("the home can't be read: {}", reasons(&errors)))?;
            }
        }
    }
    bar.finish_and_clear();
    for left in waiting.into_iter().map(Ok).chain(schedules) {
        let left = left.context("the schedules can't be read")?;
        findings.say(&left.home_id, "the schedules have rows for it where the fleet has no such plan")?;
    }
    findings.conclude()
}

struct Findings<'a> {
    out: &'a mut dyn Write,
    homes: BTreeSet<String>,
    count: usize,
    audited: usize,
    /// Where bounds are recomputed too.
    certificates: Option<Reader>,
    /// Bounds recomputed, and those whose backend leaves nothing to recompute.
    proven: usize,
    unproven: usize,
}

impl Findings<'_> {
    fn audit(&mut self, home: &Home, planned: &PlannedSummary, written: &WrittenSchedule) -> Result<()> {
        self.audited += 1;
        self.verify(home, planned)?;
        match written.of_home(home) {
            Ok(schedule) => {
                for violation in audit_plan(home, &planned.plan(&home.id, schedule)) {
                    self.violation(&home.id, &violation)?;
                }
                Ok(())
            }
            Err(error) => self.say(&home.id, &error.to_string()),
        }
    }

    /// Recomputes the bound of a planned home from its certificate.
    fn verify(&mut self, home: &Home, planned: &PlannedSummary) -> Result<()> {
        let Some(certificates) = &mut self.certificates else { return Ok(()) };
        let Some(proof) = certificates.next(&home.id)? else {
            self.unproven += 1;
            return Ok(());
        };
        match verify(home, &proof) {
            Err(refuted) => self.say(&home.id, &format!("its certificate is refuted: {refuted}")),
            Ok(verified) if planned.certificate.bound > verified.bound + verified.slack + BOUND_ROUNDING => {
                let (claimed, bound) = (planned.certificate.bound, verified.bound);
                self.say(
                    &home.id,
                    &format!("its bound is {claimed}, but its certificate proves only {bound}"),
                )
            }
            Ok(_) => {
                self.proven += 1;
                Ok(())
            }
        }
    }

    fn violation(&mut self, home_id: &str, violation: &Violation) -> Result<()> {
        self.homes.insert(home_id.to_owned());
        self.count += 1;
        Ok(writeln!(self.out, "{violation}")?)
    }

    fn say(&mut self, home_id: &str, what: &str) -> Result<()> {
        self.homes.insert(home_id.to_owned());
        self.count += 1;
        Ok(writeln!(self.out, "home `{home_id}`: {what}")?)
    }

    fn conclude_proofs(&mut self) -> Result<()> {
        if self.certificates.is_some() {
            writeln!(self.out, "{} lower bounds recomputed from their certificates, all hold", self.proven)?;
        }
        if self.unproven > 0 {
            writeln!(
                self.out,
                "{} bounds come from a search that leaves nothing to recompute (HiGHS)",
                self.unproven
            )?;
        }
        Ok(())
    }

    fn conclude(mut self) -> Result<Exit> {
        if self.count == 0 {
            writeln!(self.out, "{} plans audited, every equation and the money hold", self.audited)?;
            self.conclude_proofs()?;
            return Ok(Exit::Done);
        }
        let (count, homes, audited) = (self.count, self.homes.len(), self.audited);
        writeln!(self.out, "{audited} plans audited, {count} violations in {homes} homes")?;
        Ok(Exit::Violations)
    }
}
