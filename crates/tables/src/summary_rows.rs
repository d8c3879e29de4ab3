//! The table `summary`: one row per home.

use offpeak_domain::{Cents, Certificate, KilowattHours, Money, Savings, Shortfalls, Termination};

use crate::cells::{ANY, Row};
use crate::error::TableError;
use crate::fleet_write::Value;
use crate::plan_summary::{Outcome, PlannedSummary, Summary};
use crate::schema::Schema;

/// Columns of a home that could not be planned are missing, all but the first two and the last.
pub(crate) const SUMMARY: Schema = Schema {
    name: "summary",
    required: &[
        "home_id",
        "status",
        "objective_ct",
        "bound_ct",
        "gap_ct",
        "gap_percent",
        "termination",
        "backend",
        "iterations",
        "import_ct",
        "export_ct",
        "peak_ct",
        "wear_ct",
        "starts_ct",
        "co2_ct",
        "discomfort_ct",
        "shortfall_ct",
        "urgency_ct",
        "overshoot_ct",
        "end_value_ct",
        "bill_ct",
        "baseline_bill_ct",
        "baseline_objective_ct",
        "bill_saving_ct",
        "net_saving_ct",
        "borrowed_ct",
        "moved_kwh",
        "import_kwh",
        "export_kwh",
        "departure_shortfall_kwh",
        "charged_elsewhere_kwh",
        "discomfort_k_h",
        "hot_water_shortfall_kwh_h",
        "urgency_kwh_h",
        "end_shortfall_kwh",
        "end_shortfall_k",
        "overshoot_kwh",
        "skipped_runs",
        "baseline_clean",
        "audit_violations",
        "error",
    ],
    optional: &[],
};

/// Where a number of a row stands, to write it and to read it back.
type Field = fn(&mut PlannedSummary) -> &mut f64;

const BOUNDS: [(&str, Field); 2] = [
    ("objective_ct", |row| &mut row.certificate.objective.0),
    ("bound_ct", |row| &mut row.certificate.bound.0),
];

const MONEY: [(&str, Field); 11] = [
    ("import_ct", |row| &mut row.money.import.0),
    ("export_ct", |row| &mut row.money.export.0),
    ("peak_ct", |row| &mut row.money.peak.0),
    ("wear_ct", |row| &mut row.money.wear.0),
    ("starts_ct", |row| &mut row.money.starts.0),
    ("co2_ct", |row| &mut row.money.co2.0),
    ("discomfort_ct", |row| &mut row.money.discomfort.0),
    ("shortfall_ct", |row| &mut row.money.shortfall.0),
    ("urgency_ct", |row| &mut row.money.urgency.0),
    ("overshoot_ct", |row| &mut row.money.overshoot.0),
    ("end_value_ct", |row| &mut row.money.end_value.0),
];

const RESULTS: [(&str, Field); 16] = [
    ("baseline_bill_ct", |row| &mut row.baseline_bill.0),
    ("baseline_objective_ct", |row| &mut row.baseline_objective.0),
    ("bill_saving_ct", |row| &mut row.savings.bill.0),
    ("net_saving_ct", |row| &mut row.savings.net.0),
    ("borrowed_ct", |row| &mut row.savings.borrowed.0),
    ("moved_kwh", |row| &mut row.savings.moved.0),
    ("import_kwh", |row| &mut row.imported.0),
    ("export_kwh", |row| &mut row.exported.0),
    ("departure_shortfall_kwh", |row| &mut row.shortfalls.departure.0),
    ("charged_elsewhere_kwh", |row| &mut row.shortfalls.charged_elsewhere.0),
    ("discomfort_k_h", |row| &mut row.shortfalls.discomfort_kelvin_hours),
    ("hot_water_shortfall_kwh_h", |row| &mut row.shortfalls.hot_water_kwh_hours),
    ("urgency_kwh_h", |row| &mut row.shortfalls.urgency_kwh_hours),
    ("end_shortfall_kwh", |row| &mut row.shortfalls.end_energy.0),
    ("end_shortfall_k", |row| &mut row.shortfalls.end_kelvins),
    ("overshoot_kwh", |row| &mut row.shortfalls.overshoot.0),
];

const TERMINATIONS: [Termination; 3] = [Termination::GapClosed, Termination::NodeLimit, Termination::Stopped];

#[derive(Clone, Copy)]
enum Status {
    Closed,
    Open,
    Failed,
}

const STATUSES: [(&str, Status); 3] =
    [("closed", Status::Closed), ("open", Status::Open), ("failed", Status::Failed)];

/// The row of a home that was planned.
pub(crate) fn planned_row<'a>(
    home_id: &'a str,
    planned: &'a PlannedSummary,
) -> Vec<(&'static str, Value<'a>)> {
    row(home_id, Some(planned), None)
}

/// The row of a home that was not planned; without a reason, an example of every column's type.
pub(crate) fn failed_row<'a>(home_id: &'a str, reason: Option<&'a str>) -> Vec<(&'static str, Value<'a>)> {
    row(home_id, None, reason)
}

fn row<'a>(
    home_id: &'a str,
    planned: Option<&'a PlannedSummary>,
    reason: Option<&'a str>,
) -> Vec<(&'static str, Value<'a>)> {
    let mut numbers = planned.cloned();
    let mut number = |(name, field): &(&'static str, Field)| {
        (*name, Value::Number(numbers.as_mut().map(|row| *field(row))))
    };
    let count = |count: fn(&PlannedSummary) -> usize| Value::Number(planned.map(|row| count(row) as f64));
    let status = planned.map_or("failed", |row| if row.closed { "closed" } else { "open" });
    let certificate = planned.map(|row| &row.certificate);

    let mut cells = vec![("home_id", Value::Text(Some(home_id))), ("status", Value::Text(Some(status)))];
    cells.extend(BOUNDS.iter().map(&mut number));
    cells.push(("gap_ct", Value::Number(certificate.map(|proof| proof.gap().0))));
    cells.push(("gap_percent", Value::Number(planned.and_then(PlannedSummary::gap_percent))));
    cells.push(("termination", Value::Text(certificate.map(|proof| proof.termination.as_str()))));
    cells.push(("backend", Value::Text(certificate.map(|proof| proof.backend.as_str()))));
    cells.push(("iterations", Value::Number(certificate.map(|proof| proof.iterations as f64))));
    cells.extend(MONEY.iter().map(&mut number));
    cells.push(("bill_ct", Value::Number(planned.map(|row| row.money.bill().0))));
    cells.extend(RESULTS.iter().map(&mut number));
    cells.push(("skipped_runs", count(|row| row.shortfalls.skipped_runs)));
    cells.push(("baseline_clean", Value::Truth(planned.map(|row| row.baseline_clean))));
    cells.push(("audit_violations", count(|row| row.audit_violations)));
    cells.push(("error", Value::Text(reason)));
    cells
}

/// Reads a row back.
pub(crate) fn read_row(row: &Row<'_>) -> Result<Summary, TableError> {
    let home_id = row.text("home_id")?.into_owned();
    let closed = match row.word("status", &STATUSES)? {
        Status::Failed => {
            let reason = row.text("error")?.into_owned();
            return Ok(Summary { home_id, outcome: Outcome::Failed { reason } });
        }
        Status::Closed => true,
        Status::Open => false,
    };
    let mut planned = PlannedSummary {
        closed,
        certificate: Certificate {
            proof: None,
            objective: Cents::ZERO,
            bound: Cents::ZERO,
            termination: row.word("termination", &TERMINATIONS.map(|why| (why.as_str(), why)))?,
            backend: row.text("backend")?.into_owned(),
            iterations: whole(row, "iterations")?,
        },
        money: Money::default(),
        shortfalls: Shortfalls { skipped_runs: count(row, "skipped_runs")?, ..Shortfalls::default() },
        baseline_bill: Cents::ZERO,
        baseline_objective: Cents::ZERO,
        baseline_clean: truth(row, "baseline_clean")?,
        savings: Savings::default(),
        imported: KilowattHours::ZERO,
        exported: KilowattHours::ZERO,
        audit_violations: count(row, "audit_violations")?,
    };
    for (name, field) in BOUNDS.iter().chain(&MONEY).chain(&RESULTS) {
        *field(&mut planned) = row.number(name, ANY)?;
    }
    follows(row, "gap_ct", planned.certificate.gap(), "objective_ct - bound_ct")?;
    follows(row, "bill_ct", planned.money.bill(), "import_ct - export_ct + peak_ct")?;
    Ok(Summary { home_id, outcome: Outcome::Planned(Box::new(planned)) })
}

/// Fails unless `column` says what other columns say too.
fn follows(row: &Row<'_>, column: &str, expected: Cents, from: &str) -> Result<(), TableError> {
    if (row.number(column, ANY)? - expected.0).abs() <= 1e-6 {
        return Ok(());
    }
    Err(row.refuse(column, format!("must be {from}, which is {}", expected.0)))
}

fn truth(row: &Row<'_>, column: &str) -> Result<bool, TableError> {
    if row.has(column) { row.boolean_or(column, false) } else { Err(row.refuse(column, "must be given")) }
}

fn count(row: &Row<'_>, column: &str) -> Result<usize, TableError> {
    usize::try_from(whole(row, column)?).map_err(|_| row.refuse(column, "must be a smaller number"))
}

/// A whole number that a 64-bit float holds exactly.
fn whole(row: &Row<'_>, column: &str) -> Result<u64, TableError> {
    let number = row.number(column, 0.0..=9_007_199_254_740_992.0)?;
    if number.fract() != 0.0 {
        return Err(row.refuse(column, "must be a whole number"));
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a whole number from 0 to 2^53"
    )]
    let whole = number as u64;
    Ok(whole)
}
