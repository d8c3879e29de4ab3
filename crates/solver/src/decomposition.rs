//! The fast backend: Lagrangian decomposition with exact device oracles.

use offpeak_decomposition::solve;
use offpeak_domain::{Cents, Costed, Home, Setpoints, Termination, WarmStart};

use crate::backend::{Backend, Proposal, SolveError};
use crate::plan_home::{Effort, Options};

/// The decomposition backend. It takes every home, and says how wide a gap it leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Decomposition;

impl Backend for Decomposition {
    fn name(&self) -> &'static str {
        "decomposition"
    }

    fn solve(&self, home: &Home, start: &Costed, options: &Options) -> Result<Proposal, SolveError> {
        Ok(propose(home, None, start, options))
    }
}

/// Its proposal, which looks first at what an `earlier` plan did; `start` stands in where it finds no schedule.
pub(crate) fn propose(
    home: &Home,
    earlier: Option<&WarmStart>,
    start: &Costed,
    options: &Options,
) -> Proposal {
    let effort = match options.effort {
        Effort::Quick => offpeak_decomposition::Effort::Quick,
        Effort::Standard => offpeak_decomposition::Effort::Standard,
        Effort::Proof => offpeak_decomposition::Effort::Thorough,
    };
    let found = solve(home, earlier, options.tolerance, effort);
    let setpoints: Option<Setpoints> = found.setpoints;
    let iterations = found.iterations as u64;
    // With no schedule of its own it falls back on the start; whether that keeps the rules shows in the audit.
    Proposal {
        found: setpoints.is_some(),
        setpoints: setpoints.unwrap_or_else(|| start.schedule.setpoints.clone()),
        bound: Cents(found.bound),
        proof: Some(found.proof),
        termination: if found.closed { Termination::GapClosed } else { Termination::Stopped },
        backend: Decomposition.name(),
        iterations,
    }
}
