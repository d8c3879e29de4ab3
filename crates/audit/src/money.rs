//! Every part of the money and every shortfall, against the recomputed ones.

use offpeak_domain::{Costed, Home};

use crate::findings::{Findings, TOLERANCE};
use crate::ledger::Ledger;
use crate::rule;

/// How far an amount may be off, in ct, for each day of the horizon.
const CENTS_PER_DAY: f64 = 1e-4;

/// How far an amount may be off as a share of itself, for what summing in another order does.
const RELATIVE: f64 = 1e-9;

/// How far an amount of `expected` ct may be off in `home`.
pub(crate) fn tolerance(home: &Home, expected: f64) -> f64 {
    CENTS_PER_DAY * days(home) + RELATIVE * expected.abs()
}

/// Days of the horizon, at least one.
fn days(home: &Home) -> f64 {
    let edges = home.horizon.edges();
    let seconds = (edges[edges.len() - 1] - edges[0]).as_seconds_f64();
    (seconds / 86_400.0).max(1.0)
}

/// Each part of the money, then each shortfall.
pub(crate) fn audit(home: &Home, ledger: &Ledger, costed: &Costed, findings: &mut Findings) {
    let (expected, found) = (&ledger.money, &costed.money);
    let parts = [
        (rule::MONEY_IMPORT, expected.import, found.import),
        (rule::MONEY_EXPORT, expected.export, found.export),
        (rule::MONEY_PEAK, expected.peak, found.peak),
        (rule::MONEY_WEAR, expected.wear, found.wear),
        (rule::MONEY_STARTS, expected.starts, found.starts),
        (rule::MONEY_CO2, expected.co2, found.co2),
        (rule::MONEY_DISCOMFORT, expected.discomfort, found.discomfort),
        (rule::MONEY_SHORTFALL, expected.shortfall, found.shortfall),
        (rule::MONEY_URGENCY, expected.urgency, found.urgency),
        (rule::MONEY_OVERSHOOT, expected.overshoot, found.overshoot),
        (rule::MONEY_END_VALUE, expected.end_value, found.end_value),
    ];
    let mut about = findings.about("money");
    for (rule, expected, found) in parts {
        about.amount(rule, tolerance(home, expected.0), expected.0, found.0);
    }
    audit_shortfalls(home, ledger, costed, findings);
}

fn audit_shortfalls(home: &Home, ledger: &Ledger, costed: &Costed, findings: &mut Findings) {
    let (expected, found) = (&ledger.shortfalls, &costed.shortfalls);
    let parts = [
        (rule::SHORT_DEPARTURE, expected.departure.0, found.departure.0),
        (rule::SHORT_ELSEWHERE, expected.charged_elsewhere.0, found.charged_elsewhere.0),
        (rule::SHORT_KELVIN_HOURS, expected.discomfort_kelvin_hours, found.discomfort_kelvin_hours),
        (rule::SHORT_WATER, expected.hot_water_kwh_hours, found.hot_water_kwh_hours),
        (rule::SHORT_URGENCY, expected.urgency_kwh_hours, found.urgency_kwh_hours),
        (rule::SHORT_END_ENERGY, expected.end_energy.0, found.end_energy.0),
        (rule::SHORT_END_KELVINS, expected.end_kelvins, found.end_kelvins),
        (rule::SHORT_OVERSHOOT, expected.overshoot.0, found.overshoot.0),
        (rule::SHORT_SKIPPED, expected.skipped_runs as f64, found.skipped_runs as f64),
    ];
    let mut about = findings.about("shortfalls");
    for (rule, expected, found) in parts {
        about.amount(rule, TOLERANCE * days(home) + RELATIVE * expected.abs(), expected, found);
    }
}
