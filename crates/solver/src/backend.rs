//! The seam between a home's problem and who solves it.

use offpeak_audit::Violation;
use offpeak_domain::{Cents, Costed, Home, Proof, Setpoints, Termination};
use thiserror::Error;

use crate::plan_home::Options;

/// Something that finds a schedule for a home and proves a lower bound on the cost of any schedule.
pub trait Backend: Sync {
    /// The name that certificates carry.
    fn name(&self) -> &'static str;

    /// Proposes setpoints and a bound; `start` is a schedule to improve on, not necessarily a feasible one.
    ///
    /// The same arguments give the same proposal, on any thread and next to any other work.
    ///
    /// # Errors
    /// [`SolveError::Backend`] or [`SolveError::NoSchedule`] when there is nothing to propose.
    fn solve(&self, home: &Home, start: &Costed, options: &Options) -> Result<Proposal, SolveError>;
}

/// What a backend comes back with.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// The best setpoints it found.
    pub setpoints: Setpoints,
    /// Whether it found them; they are those it started from otherwise.
    pub found: bool,
    /// No schedule of the home has a lower objective.
    pub bound: Cents,
    /// What proves the bound, where the backend can say.
    pub proof: Option<Proof>,
    /// Why it stopped.
    pub termination: Termination,
    /// Who had a part in it, for the certificate.
    pub backend: &'static str,
    /// Iterations of its search: of the simplex method or the interior point.
    pub iterations: u64,
}

/// Why a home has no plan.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum SolveError {
    /// The solver itself failed.
    #[error("home `{home}`: {backend} failed: {message}")]
    Backend {
        /// The home.
        home: String,
        /// The backend.
        backend: &'static str,
        /// What it said.
        message: String,
    },
    /// The search ended without any schedule.
    #[error(
        "home `{home}`: {backend} found no schedule within {iterations} iterations; hint: raise the node limit"
    )]
    NoSchedule {
        /// The home.
        home: String,
        /// The backend.
        backend: &'static str,
        /// Simplex iterations it took.
        iterations: u64,
    },
    /// The schedule it found does not pass the audit, so it is not handed out.
    #[error("home `{home}`: the plan fails its audit in {} places, first: {}", violations.len(), first(violations))]
    FailedAudit {
        /// The home.
        home: String,
        /// What the auditor found.
        violations: Vec<Violation>,
    },
}

fn first(violations: &[Violation]) -> String {
    violations.first().map(ToString::to_string).unwrap_or_default()
}
