//! One home: baseline, proposal, certificate, audit.

use offpeak_audit::{Violation, audit_costed, audit_plan};
use offpeak_baseline::uncontrolled;
use offpeak_domain::{Cents, Certificate, Costed, GapTolerance, Home, Plan, Savings, WarmStart, savings};

use crate::backend::{Backend, SolveError};
use crate::ladder::{Ladder, Replanning};

/// When a search stops. Never by the clock, so that the same input gives the same plan.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// The gap at which a home is closed.
    pub tolerance: GapTolerance,
    /// Most nodes of HiGHS's search tree.
    pub node_limit: u64,
    /// How far to go.
    pub effort: Effort,
}

/// How far a search goes for a home that does not close at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Effort {
    /// One bound and a few schedules; what is open then keeps its gap.
    Quick,
    /// All that the decomposition can do.
    #[default]
    Standard,
    /// Then HiGHS, until the gap is closed or its node limit reached.
    Proof,
}

impl Effort {
    /// The word for it on the command line and in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Quick => "quick",
            Self::Standard => "standard",
            Self::Proof => "proof",
        }
    }
}

impl Default for Options {
    /// 0.1 % or 1 ct, 500 nodes, standard effort.
    fn default() -> Self {
        Self { tolerance: GapTolerance::default(), node_limit: 500, effort: Effort::Standard }
    }
}

/// How far a bound may lie above a schedule by rounding alone; it is then lowered to it. Beyond, the bound is wrong.
const ROUNDING: Cents = Cents(1e-3);

/// A plan beside what the home would do uncontrolled.
#[derive(Debug, Clone, PartialEq)]
pub struct HomePlan {
    /// The audited plan.
    pub plan: Plan,
    /// The uncontrolled home.
    pub baseline: Costed,
    /// The plan against the baseline.
    pub savings: Savings,
    /// Rules that the uncontrolled home breaks; where there are any, it is no schedule a plan could follow.
    pub baseline_violations: Vec<Violation>,
}

/// Plans `home` with the default backends, see [`Ladder`].
///
/// # Errors
/// [`SolveError`] when there is no schedule, or none that passes the audit.
pub fn plan_home(home: &Home, options: &Options) -> Result<HomePlan, SolveError> {
    plan_with(&Ladder, home, options)
}

/// Plans `home` again: looks first at what an `earlier` plan did, which is quicker where little has changed. The proof is as
/// good as without it.
///
/// # Errors
/// [`SolveError`] when there is no schedule, or none that passes the audit.
pub fn plan_again(home: &Home, earlier: &WarmStart, options: &Options) -> Result<HomePlan, SolveError> {
    plan_with(&Replanning(earlier), home, options)
}

/// Plans `home` with `backend`.
///
/// # Errors
/// [`SolveError`] when there is no schedule, or none that passes the audit.
pub fn plan_with(backend: &dyn Backend, home: &Home, options: &Options) -> Result<HomePlan, SolveError> {
    let baseline = Costed::of(home, uncontrolled(home));
    let baseline_violations = audit_costed(home, &baseline);
    let proposal = backend.solve(home, &baseline, options)?;

    let mut costed = Costed::of(home, proposal.setpoints);
    // A search that stops at its gap may end a little above an uncontrolled home that is already near the optimum.
    if baseline_violations.is_empty() && baseline.money.objective() < costed.money.objective() {
        costed = baseline.clone();
    }
    let objective = costed.money.objective();
    let excess = proposal.bound - objective;
    if excess > ROUNDING {
        let message = format!("it claims a bound {excess:.4} above a schedule that keeps every rule");
        return Err(SolveError::Backend { home: home.id.clone(), backend: backend.name(), message });
    }
    let certificate = Certificate {
        objective,
        bound: proposal.bound.min(objective),
        proof: proposal.proof,
        termination: proposal.termination,
        backend: proposal.backend.to_owned(),
        iterations: proposal.iterations,
    };
    let plan = Plan { home_id: home.id.clone(), costed, certificate };

    let violations = audit_plan(home, &plan);
    if !violations.is_empty() {
        return Err(SolveError::FailedAudit { home: home.id.clone(), violations });
    }
    let savings = savings(home, &baseline, &plan.costed);
    Ok(HomePlan { plan, baseline, savings, baseline_violations })
}
