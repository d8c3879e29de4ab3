//! How sure a policy is of its plans.

use offpeak_domain::{Certificate, GapTolerance};

/// The certificates of plans, counted.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Proofs {
    /// How many plans there were.
    pub plans: usize,
    /// How many of them the search left with a wider gap than it was asked for.
    pub open: usize,
    /// The widest gap between a plan's objective and its proven bound, in ct.
    pub worst_gap_ct: f64,
}

impl Proofs {
    pub(crate) fn count(&mut self, certificate: &Certificate, tolerance: GapTolerance) {
        self.plans += 1;
        self.open += usize::from(!certificate.is_closed(tolerance));
        self.worst_gap_ct = self.worst_gap_ct.max(certificate.gap().0);
    }
}
