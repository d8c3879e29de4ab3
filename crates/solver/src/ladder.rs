//! The default backend: the decomposition first, and HiGHS for what it leaves open, where that is wanted and there.

use offpeak_domain::{Costed, Home, Termination, WarmStart};

use crate::backend::{Backend, Proposal, SolveError};
use crate::decomposition::propose;
use crate::plan_home::{Effort, Options};

/// Decomposition, then HiGHS from its schedule: for homes left open where the effort is [`Effort::Proof`], and for a home
/// without a schedule at any effort. Certificates name both where both had a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ladder;

impl Backend for Ladder {
    fn name(&self) -> &'static str {
        "decomposition"
    }

    fn solve(&self, home: &Home, start: &Costed, options: &Options) -> Result<Proposal, SolveError> {
        climb(home, None, start, options)
    }
}

/// The [`Ladder`] for a home that was planned before: its first rung looks at what the earlier plan did.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Replanning<'a>(pub(crate) &'a WarmStart);

impl Backend for Replanning<'_> {
    fn name(&self) -> &'static str {
        Ladder.name()
    }

    fn solve(&self, home: &Home, start: &Costed, options: &Options) -> Result<Proposal, SolveError> {
        climb(home, Some(self.0), start, options)
    }
}

fn climb(
    home: &Home,
    earlier: Option<&WarmStart>,
    start: &Costed,
    options: &Options,
) -> Result<Proposal, SolveError> {
    let fast = propose(home, earlier, start, options);
    let closed = fast.termination == Termination::GapClosed;
    if closed || (fast.found && options.effort != Effort::Proof) {
        return Ok(fast);
    }
    go_on(home, start, options, fast)
}

/// HiGHS from the schedule found so far; the better schedule and the higher bound count.
#[cfg(feature = "highs")]
fn go_on(home: &Home, start: &Costed, options: &Options, fast: Proposal) -> Result<Proposal, SolveError> {
    let own = Costed::of(home, fast.setpoints.clone());
    let from = if fast.found { &own } else { start };
    let exact = match crate::highs::Highs::default().solve(home, from, options) {
        Ok(exact) => exact,
        Err(_) if fast.found => return Ok(fast),
        Err(error) => return Err(error),
    };
    let found = Costed::of(home, exact.setpoints.clone());
    let own_is_better = fast.found && own.money.objective() <= found.money.objective();
    Ok(Proposal {
        setpoints: if own_is_better { fast.setpoints } else { exact.setpoints },
        bound: exact.bound.max(fast.bound),
        // A branch-and-cut tree leaves no proof to recompute; the decomposition's own still holds for its own bound.
        proof: if fast.bound >= exact.bound { fast.proof } else { None },
        backend: "decomposition, highs",
        iterations: fast.iterations + exact.iterations,
        ..exact
    })
}

/// There is no HiGHS in this build: what was found stands.
#[cfg(not(feature = "highs"))]
#[expect(clippy::unnecessary_wraps, reason = "with HiGHS it can fail")]
fn go_on(_: &Home, _: &Costed, _: &Options, fast: Proposal) -> Result<Proposal, SolveError> {
    Ok(fast)
}
