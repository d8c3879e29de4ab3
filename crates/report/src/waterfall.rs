//! From what a home costs without a plan to what it costs with one, step by step.

use offpeak_domain::{Costed, Money, Savings};
use serde::Serialize;

use crate::number::tidy;

/// A step smaller than this, in ct, is left out.
const SMALLEST: f64 = 5e-3;

/// A step of a waterfall.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Step {
    /// What changes.
    pub label: &'static str,
    /// By how much, in ct; a total stands for itself.
    pub ct: f64,
    /// Whether it is a total rather than a change.
    pub total: bool,
}

/// The steps from the baseline's cost to the plan's, energy borrowed from the stores counted as a cost. The first and
/// the last differ by the net saving.
pub(crate) fn waterfall(baseline: &Costed, plan: &Money, savings: &Savings) -> Vec<Step> {
    let (before, after) = (&baseline.money, plan);
    let changes = [
        ("energy bought", after.import.0 - before.import.0),
        ("energy sold", before.export.0 - after.export.0),
        ("peak charges", after.peak.0 - before.peak.0),
        ("wear", after.wear.0 - before.wear.0),
        ("compressor starts", after.starts.0 - before.starts.0),
        ("carbon", after.co2.0 - before.co2.0),
        ("comfort", after.discomfort.0 - before.discomfort.0),
        ("not delivered", after.shortfall.0 - before.shortfall.0),
        ("not in time", after.urgency.0 - before.urgency.0),
        ("beyond limits", after.overshoot.0 - before.overshoot.0),
        ("borrowed from stores", savings.borrowed.0),
    ];
    let cost = |money: &Money| money.objective().0 + money.end_value.0;
    steps("uncontrolled", cost(before), &changes, "plan")
}

/// The same for a fleet, whose tables hold only sums.
pub(crate) fn of_sums(baseline_bill: f64, savings: &Savings) -> Vec<Step> {
    let other = savings.bill.0 - savings.net.0 - savings.borrowed.0;
    let changes = [
        ("bill", -savings.bill.0),
        ("wear, comfort and service", other),
        ("borrowed from stores", savings.borrowed.0),
    ];
    steps("uncontrolled bill", baseline_bill, &changes, "plan, net")
}

fn steps(first: &'static str, from: f64, changes: &[(&'static str, f64)], last: &'static str) -> Vec<Step> {
    let to = changes.iter().fold(from, |sum, (_, change)| sum + change);
    let shown = changes.iter().filter(|(_, change)| change.abs() > SMALLEST);
    let total = |label, ct| Step { label, ct: tidy(ct), total: true };
    std::iter::once(total(first, from))
        .chain(shown.map(|(label, ct)| Step { label, ct: tidy(*ct), total: false }))
        .chain(std::iter::once(total(last, to)))
        .collect()
}
