//! The fast backend: a Lagrangian bound over exact device oracles, and schedules that reach it.

mod allowed;
mod bound;
mod incumbent;
mod interval;
mod lp;
mod master;
mod model;
mod oracle;
mod prices;
mod proof;
mod relaxation;
mod rules;
mod search;
mod setpoints;
mod store;
#[cfg(test)]
mod tests;

use offpeak_domain::{GapTolerance, Home, Proof, Setpoints, WarmStart};

/// What the search came to.
#[derive(Debug, Clone)]
pub struct Found {
    /// The best setpoints.
    pub setpoints: Option<Setpoints>,
    /// No schedule of the home costs less, in ct.
    pub bound: f64,
    /// What proves the bound.
    pub proof: Proof,
    /// Interior-point iterations.
    pub iterations: usize,
    /// Whether the gap asked for is closed.
    pub closed: bool,
}

/// How far to go for a home that does not close at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// One bound and a few schedules.
    Quick,
    /// Better prices, round by round, and a search tree too, until a limit on the work.
    Standard,
    /// The same with ten times the work.
    Thorough,
}

/// Searches for the cheapest schedule of `home`, and looks first at what an earlier plan did, if there is one. Whatever that
/// was, the bound and the schedule hold for `home`.
pub fn solve(home: &Home, start: Option<&WarmStart>, tolerance: GapTolerance, effort: Effort) -> Found {
    let mut search = search::Search::new(home, tolerance);
    search.run(effort, start);
    let closed = search.closed();
    Found {
        bound: search.bound,
        proof: search.proof(),
        iterations: search.iterations,
        closed,
        setpoints: search.best.map(|best| best.costed.schedule.setpoints),
    }
}
