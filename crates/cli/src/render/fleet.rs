//! The result of planning a fleet: totals, proofs, and a table of the homes where they are few.

use std::fmt::Write;
use std::path::Path;

use comfy_table::{CellAlignment, Table, presets};
use offpeak_domain::{Cents, Home, KilowattHours};
use offpeak_solver::{HomePlan, Options};

use super::first_few::FirstFew;
use super::{euros, share};

/// A fleet of more homes is told in totals only.
const MOST_LINES: usize = 40;

/// Totals of a fleet, and a line per home while there are few.
#[derive(Default)]
pub(crate) struct FleetReport {
    lines: Vec<HomeLine>,
    homes: usize,
    closed: usize,
    open: usize,
    failures: FirstFew,
    notes: FirstFew,
    totals: Totals,
    worst_gap: Option<(Cents, Cents)>,
    unclean_baselines: usize,
    handed_on: usize,
}

/// What comes of one home.
pub(crate) struct HomeLine {
    home_id: String,
    outcome: Result<PlannedLine, String>,
}

struct PlannedLine {
    devices: String,
    totals: Totals,
    objective: Cents,
    gap: Cents,
    closed: bool,
    baseline_clean: bool,
    /// Whether HiGHS had a part in it.
    handed_on: bool,
}

#[derive(Clone, Copy, Default)]
struct Totals {
    bill: Cents,
    baseline_bill: Cents,
    net_saving: Cents,
    moved: KilowattHours,
}

impl HomeLine {
    pub(crate) fn planned(home: &Home, plan: &HomePlan, options: &Options) -> Self {
        let certificate = &plan.plan.certificate;
        let line = PlannedLine {
            devices: devices(home),
            totals: Totals {
                bill: plan.plan.costed.money.bill(),
                baseline_bill: plan.baseline.money.bill(),
                net_saving: plan.savings.net,
                moved: plan.savings.moved,
            },
            objective: certificate.objective,
            gap: certificate.gap(),
            closed: certificate.is_closed(options.tolerance),
            baseline_clean: plan.baseline_violations.is_empty(),
            handed_on: certificate.backend.contains("highs"),
        };
        Self { home_id: home.id.clone(), outcome: Ok(line) }
    }

    pub(crate) fn failed(home_id: &str, reason: &str) -> Self {
        Self { home_id: home_id.to_owned(), outcome: Err(reason.to_owned()) }
    }
}

/// `EV EV battery heat pump`: what a home has.
fn devices(home: &Home) -> String {
    let kinds = [
        ("battery", home.batteries.len()),
        ("EV", home.evs.len()),
        ("heat pump", home.heat_pumps.len()),
        ("appliance", home.appliances.len()),
    ];
    let named = kinds.iter().filter(|(_, count)| *count > 0).map(|(kind, count)| match count {
        1 => (*kind).to_owned(),
        _ => format!("{count} {kind}s"),
    });
    named.collect::<Vec<_>>().join(", ")
}

impl FleetReport {
    pub(crate) fn add(&mut self, line: HomeLine) {
        self.homes += 1;
        match &line.outcome {
            Err(reason) => self.failures.push(format_args!("{}: {reason}", line.home_id)),
            Ok(planned) => self.add_planned(planned),
        }
        if self.lines.len() <= MOST_LINES {
            self.lines.push(line);
        }
    }

    /// Adds what of a home's rows is not in its plan.
    pub(crate) fn add_notes(&mut self, home_id: &str, notes: &[String]) {
        for note in notes {
            self.notes.push(format_args!("{home_id}: {note}"));
        }
    }

    fn add_planned(&mut self, planned: &PlannedLine) {
        if planned.closed {
            self.closed += 1;
        } else {
            self.open += 1;
        }
        self.unclean_baselines += usize::from(!planned.baseline_clean);
        self.handed_on += usize::from(planned.handed_on);
        self.totals.bill += planned.totals.bill;
        self.totals.baseline_bill += planned.totals.baseline_bill;
        self.totals.net_saving += planned.totals.net_saving;
        self.totals.moved += planned.totals.moved;
        if self.worst_gap.is_none_or(|(gap, _)| planned.gap > gap) {
            self.worst_gap = Some((planned.gap, planned.objective));
        }
    }

    pub(crate) fn planned(&self) -> usize {
        self.closed + self.open
    }

    /// Reasons of the homes without a plan.
    pub(crate) fn failures(&self) -> &FirstFew {
        &self.failures
    }

    pub(crate) fn notes(&self) -> &FirstFew {
        &self.notes
    }

    /// The whole report, ending with where the plans are.
    pub(crate) fn render(&self, folder: &Path) -> String {
        let mut text = String::new();
        if self.homes <= MOST_LINES {
            text.push_str(&self.table().to_string());
            text.push_str("\n\n");
        }
        // Writing to a String does not fail.
        let _ = self.write_totals(&mut text, folder);
        text
    }

    fn write_totals(&self, text: &mut String, folder: &Path) -> std::fmt::Result {
        let Totals { bill, baseline_bill, net_saving, moved } = self.totals;
        let saved = baseline_bill - bill;
        let failed = self.failures.count();
        writeln!(text, "homes       {} closed, {} open, {failed} failed", self.closed, self.open)?;
        if self.handed_on > 0 {
            let share = 100.0 * self.handed_on as f64 / self.planned() as f64;
            writeln!(text, "HiGHS       asked for {} of them ({share:.1} %)", self.handed_on)?;
        }
        if let Some((gap, objective)) = self.worst_gap {
            writeln!(
                text,
                "proof       widest gap {:.2} ct, in a home with an objective of {:.2} ct; every plan audited",
                gap.0, objective.0
            )?;
        }
        writeln!(
            text,
            "bill        {} EUR planned, {} EUR uncontrolled, {} EUR saved{}",
            euros(bill),
            euros(baseline_bill),
            euros(saved),
            share(saved, baseline_bill)
        )?;
        writeln!(
            text,
            "net saving  {} EUR, after wear, comfort, shortfalls and energy borrowed from the stores",
            euros(net_saving)
        )?;
        writeln!(text, "moved       {:.0} kWh to another time", moved.0)?;
        if self.unclean_baselines > 0 {
            let unclean = self.unclean_baselines;
            writeln!(
                text,
                "note        {unclean} homes left alone break a rule: their savings compare unlike things"
            )?;
        }
        writeln!(text, "\nplans are in {0}; look at one: offpeak show {0}", folder.display())
    }

    fn table(&self) -> Table {
        let mut table = Table::new();
        table.load_style(presets::NOTHING);
        table.set_header([
            "home",
            "devices",
            "plan EUR",
            "alone EUR",
            "net saved",
            "moved kWh",
            "gap ct",
            "proof",
        ]);
        for line in &self.lines {
            table.add_row(match &line.outcome {
                Ok(planned) => planned.cells(&line.home_id),
                Err(_) => [&line.home_id, "-", "-", "-", "-", "-", "-", "failed"].map(str::to_owned),
            });
        }
        for column in 2..7 {
            if let Some(column) = table.column_mut(column) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        table
    }
}

impl PlannedLine {
    fn cells(&self, home_id: &str) -> [String; 8] {
        [
            home_id.to_owned(),
            self.devices.clone(),
            euros(self.totals.bill),
            euros(self.totals.baseline_bill),
            euros(self.totals.net_saving),
            format!("{:.1}", self.totals.moved.0),
            format!("{:.2}", self.gap.0),
            if self.closed { "closed" } else { "open" }.to_owned(),
        ]
    }
}
