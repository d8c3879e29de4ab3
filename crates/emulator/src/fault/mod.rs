//! Faults that can be switched on: what goes wrong, where, how often.

mod apply;
mod body;
mod switch;

pub(crate) use apply::Dropped;
pub(crate) use apply::strike;
pub use switch::{Fault, FaultKind};
pub(crate) use switch::{Faults, read_kind};
