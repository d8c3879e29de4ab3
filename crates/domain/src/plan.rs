//! A plan: a schedule with its cost, its shortfalls and the proof of how good it is.

use crate::home::Home;
use crate::money::{Money, Shortfalls, account};
use crate::proof::Proof;
use crate::schedule::{Schedule, Setpoints};
use crate::units::Cents;

/// A schedule of one home with its cost and what it misses: a baseline, or the body of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Costed {
    /// Setpoints and states.
    pub schedule: Schedule,
    /// The parts of the objective.
    pub money: Money,
    /// What it misses.
    pub shortfalls: Shortfalls,
}

impl Costed {
    /// Settles and accounts `setpoints`.
    pub fn of(home: &Home, setpoints: Setpoints) -> Self {
        let schedule = Schedule::settle(home, setpoints);
        let (money, shortfalls) = account(home, &schedule);
        Self { schedule, money, shortfalls }
    }
}

/// The plan of one home: a costed schedule and its certificate.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Whose plan it is.
    pub home_id: String,
    /// What to do, and what it costs.
    pub costed: Costed,
    /// How close to the optimum it is proven to be.
    pub certificate: Certificate,
}

/// The proof that comes with a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Certificate {
    /// Objective of the plan, recomputed from its setpoints.
    pub objective: Cents,
    /// No schedule of this home has a lower objective than this.
    pub bound: Cents,
    /// What proves the bound, where its backend can say; a written plan does not hold it unless asked to.
    pub proof: Option<Proof>,
    /// Why the search stopped.
    pub termination: Termination,
    /// Who proved the bound.
    pub backend: String,
    /// Simplex iterations of the search: its effort, the same on any machine; 0 where there were none.
    pub iterations: u64,
}

/// Why a search stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Termination {
    /// The gap asked for is proven.
    GapClosed,
    /// The node limit came first; the gap stands in the certificate.
    NodeLimit,
    /// The backend stopped for another reason, but with a schedule and a bound.
    Stopped,
}

/// When a home counts as closed: gap at most `max(relative |objective|, absolute)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GapTolerance {
    /// Share of the objective.
    pub relative: f64,
    /// Money.
    pub absolute: Cents,
}

impl Default for GapTolerance {
    /// 0.1 % of the objective, or 1 ct.
    fn default() -> Self {
        Self { relative: 1e-3, absolute: Cents(1.0) }
    }
}

impl GapTolerance {
    /// The widest gap at which `objective` is closed.
    pub fn allowed(&self, objective: Cents) -> Cents {
        Cents((self.relative * objective.0.abs()).max(self.absolute.0))
    }
}

impl Certificate {
    /// Objective minus bound.
    pub fn gap(&self) -> Cents {
        self.objective - self.bound
    }

    /// Whether the gap is within `tolerance`.
    pub fn is_closed(&self, tolerance: GapTolerance) -> bool {
        self.gap() <= tolerance.allowed(self.objective)
    }
}

impl Termination {
    /// The word that stands in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::GapClosed => "gap_closed",
            Self::NodeLimit => "node_limit",
            Self::Stopped => "stopped",
        }
    }
}
