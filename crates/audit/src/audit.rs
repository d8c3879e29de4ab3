//! The audits: of a schedule, with its money, with its certificate.

use offpeak_domain::{Cents, Costed, Home, Plan, Schedule};

use crate::findings::Findings;
use crate::ledger::Ledger;
use crate::violation::Violation;
use crate::{appliance, battery, certificate, ev, grid, heat_pump, money, shape};

/// Every equation that `schedule` breaks in `home`, in the order of time.
///
/// Within an interval a device comes before the grid, so the first violation is the likely culprit: a
/// setpoint changed by hand shows at its device, then at the meter. A schedule that lacks values or
/// holds something that is no number is reported as such, and nothing is computed from it.
pub fn audit_schedule(home: &Home, schedule: &Schedule) -> Vec<Violation> {
    let mut findings = Findings::new(home);
    equations(home, schedule, &mut findings);
    findings.into_list()
}

/// As [`audit_schedule`], and every part of the money and every shortfall that is not what it should be.
pub fn audit_costed(home: &Home, costed: &Costed) -> Vec<Violation> {
    let mut findings = Findings::new(home);
    if let Some(ledger) = equations(home, &costed.schedule, &mut findings) {
        money::audit(home, &ledger, costed, &mut findings);
    }
    findings.into_list()
}

/// As [`audit_costed`], and whether the certificate says the objective and a bound not above it.
pub fn audit_plan(home: &Home, plan: &Plan) -> Vec<Violation> {
    let mut findings = Findings::new(home);
    if let Some(ledger) = equations(home, &plan.costed.schedule, &mut findings) {
        money::audit(home, &ledger, &plan.costed, &mut findings);
        certificate::audit(home, &ledger, &plan.certificate, &mut findings);
    }
    certificate::audit_home(home, &plan.home_id, &mut findings);
    findings.into_list()
}

/// The objective of `schedule` in `home`, recomputed from its powers and states as they are; a cost is positive.
///
/// NaN where the schedule lacks values or holds something that is no number, as
/// [`audit_schedule`] reports.
pub fn objective(home: &Home, schedule: &Schedule) -> Cents {
    let mut findings = Findings::new(home);
    shape::audit(home, schedule, &mut findings);
    if findings.is_empty() { Ledger::of(home, schedule).objective() } else { Cents(f64::NAN) }
}

/// Checks every equation; the recomputed money, if the schedule has the shape of the home.
fn equations(home: &Home, schedule: &Schedule, findings: &mut Findings) -> Option<Ledger> {
    shape::audit(home, schedule, findings);
    if !findings.is_empty() {
        return None;
    }
    battery::audit(home, schedule, findings);
    ev::audit(home, schedule, findings);
    heat_pump::audit(home, schedule, findings);
    appliance::audit(home, schedule, findings);
    grid::audit(home, schedule, findings);
    Some(Ledger::of(home, schedule))
}
