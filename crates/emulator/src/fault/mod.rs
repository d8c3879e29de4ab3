//! Faults that can be switched on: what goes wrong, where, how often.

mod apply;
mod body;
mod switch;

pub(crate) use apply::{Dropped, strike};
pub(crate) use switch::Faults;
pub use switch::{Fault, FaultKind};
