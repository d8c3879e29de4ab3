//! Why a replay stops.

use std::path::PathBuf;

use chrono::NaiveDate;
use offpeak_audit::Violation;
use offpeak_domain::InvalidInput;
use offpeak_solver::SolveError;
use thiserror::Error;

/// Why a home's replay has no result.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ReplayError {
    /// A span, a tariff or a setting that cannot be what it claims to be.
    #[error(transparent)]
    Input(#[from] InvalidInput),
    /// A policy that plans got no plan.
    #[error(transparent)]
    Solve(#[from] SolveError),
    /// What was applied on a day does not pass the audit.
    #[error(
        "home `{home}`, {date}: what was applied fails its audit in {} places, first: {}",
        violations.len(),
        violations.first().map(ToString::to_string).unwrap_or_default()
    )]
    FailedAudit {
        /// The home.
        home: String,
        /// The local day.
        date: NaiveDate,
        /// What the auditor found.
        violations: Vec<Violation>,
    },
    /// A finished unit could not be written or read.
    #[error("checkpoint {}: {message}; hint: remove the file to compute this unit anew", path.display())]
    Checkpoint {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        message: String,
    },
}
