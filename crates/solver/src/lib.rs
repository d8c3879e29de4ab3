//! The cheapest schedule of a home, with a proof of how close to the optimum it is.
//!
//! [`plan_home`] plans one home, [`plan_again`] one that was planned before, [`plan_fleet`] many in parallel. A [`Backend`]
//! only proposes setpoints and claims a bound; settling, costing and the independent audit of its proposal happen here, the
//! same for every backend.
//!
//! The mathematics stands in `docs/formulation.md`, in the names used in `formulation/`.

mod backend;
mod decomposition;
mod fleet;
#[cfg(feature = "highs")]
mod formulation;
#[cfg(feature = "highs")]
mod highs;
mod ladder;
mod plan_home;

pub use backend::{Backend, Proposal, SolveError};
pub use decomposition::Decomposition;
pub use fleet::plan_fleet;
#[cfg(feature = "highs")]
pub use formulation::{ProblemSize, problem_size};
#[cfg(feature = "highs")]
pub use highs::{Highs, Start};
pub use ladder::Ladder;
pub use plan_home::{Effort, HomePlan, Options, plan_again, plan_home, plan_with};
