//! Recomputes every equation and the money of a plan, sharing nothing with what made it.
//!
//! Each audit takes a home and what somebody claims about it, and lists every [`Violation`] with its
//! size. No violation means: the states follow from the setpoints, every limit holds, and the money is
//! right. What an owner merely wishes (comfort, energy at a departure) is never a violation; it enters
//! the money and the shortfalls.
//!
//! The equations are written here a second time from the fields of the home alone; of the domain's own
//! arithmetic nothing is called, so that a mistake there, or in a planner, does not hide itself.
//!
//! ```
//! # use offpeak_domain::{Costed, Home, Setpoints};
//! # fn show(home: &Home) {
//! let costed = Costed::of(home, Setpoints::idle(home));
//! for violation in offpeak_audit::audit_costed(home, &costed) {
//!     println!("{violation}");
//! }
//! # }
//! ```
//!
//! Tolerances: 1e-6 in kW, kWh and K for each equation; powers up to 1e-6 kW count as off; money 1e-4 ct
//! for each day of the horizon (at least one), and 1e-9 of the amount.

mod appliance;
mod audit;
mod battery;
mod certificate;
mod compressor;
mod ev;
mod findings;
mod grid;
mod heat_pump;
mod ledger;
mod money;
mod rule;
mod shape;
mod violation;

pub use audit::{audit_costed, audit_plan, audit_schedule, objective};
pub use rule::rules;
pub use violation::Violation;
