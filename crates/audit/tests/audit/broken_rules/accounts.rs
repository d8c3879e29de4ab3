//! Changes that break the rules of money, shortfalls and certificate.

use offpeak_domain::{Cents, KilowattHours};

use super::Change::{Money, Plan, Shortfalls};
use super::{Case, case};

pub(super) fn money() -> Vec<Case> {
    let more = |rule, change| case(rule, "money", None, Money(change));
    vec![
        more("cost of import", |m| m.import += Cents(0.001)),
        more("income from export", |m| m.export += Cents(0.001)),
        more("peak charge", |m| m.peak += Cents(0.001)),
        more("wear", |m| m.wear += Cents(0.001)),
        more("cost of compressor starts", |m| m.starts += Cents(0.001)),
        more("weighted carbon emissions", |m| m.co2 += Cents(0.001)),
        more("discomfort penalty", |m| m.discomfort += Cents(0.001)),
        more("shortfall penalty", |m| m.shortfall += Cents(0.001)),
        more("urgency penalty", |m| m.urgency += Cents(0.001)),
        more("overshoot penalty", |m| m.overshoot += Cents(0.001)),
        more("end value", |m| m.end_value += Cents(0.001)),
    ]
}

pub(super) fn shortfalls() -> Vec<Case> {
    let more = |rule, change| case(rule, "shortfalls", None, Shortfalls(change));
    vec![
        more("energy missing at departures", |s| s.departure += KilowattHours(0.001)),
        more("energy charged elsewhere", |s| s.charged_elsewhere += KilowattHours(0.001)),
        more("kelvin hours outside the comfort band", |s| s.discomfort_kelvin_hours += 0.001),
        more("hot water outside its band", |s| s.hot_water_kwh_hours += 0.001),
        more("energy wanted at once", |s| s.urgency_kwh_hours += 0.001),
        more("energy missing at the end", |s| s.end_energy += KilowattHours(0.001)),
        more("kelvins missing at the end", |s| s.end_kelvins += 0.001),
        more("energy beyond the grid limits", |s| s.overshoot += KilowattHours(0.001)),
        more("runs skipped", |s| s.skipped_runs += 1),
    ]
}

pub(super) fn certificates() -> Vec<Case> {
    let wrong = |rule, change| case(rule, "certificate", None, Plan(change));
    vec![
        wrong("plan is of this home", |p| p.home_id = "another".into()),
        wrong("objective of the certificate", |p| p.certificate.objective += Cents(0.001)),
        wrong("bound is at most the objective", |p| {
            p.certificate.bound = p.certificate.objective + Cents(0.001);
        }),
    ]
}
