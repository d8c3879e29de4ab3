//! The certificate: the objective it states and the bound it proves.

use offpeak_domain::{Certificate, Home};

use crate::findings::Findings;
use crate::ledger::Ledger;
use crate::money::tolerance;
use crate::rule;
use crate::violation::number;

/// The plan is of this home.
pub(crate) fn audit_home(home: &Home, home_id: &str, findings: &mut Findings) {
    if home.id != home_id {
        let detail = format!("expected `{}`, found `{home_id}`", home.id);
        findings.about("certificate").report(rule::CERTIFICATE_HOME, None, 1.0, detail);
    }
}

/// `objective` is the recomputed one, and `bound <= objective`.
pub(crate) fn audit(home: &Home, ledger: &Ledger, certificate: &Certificate, findings: &mut Findings) {
    let expected = ledger.objective().0;
    let allowed = tolerance(home, expected);
    let mut about = findings.about("certificate");
    about.amount(rule::CERTIFICATE_OBJECTIVE, allowed, expected, certificate.objective.0);
    let bound = certificate.bound.0;
    let is_below = bound <= expected + allowed;
    if !is_below {
        let detail = format!("expected at most {}, found {}", number(expected), number(bound));
        about.report(rule::CERTIFICATE_BOUND, None, bound - expected, detail);
    }
}
