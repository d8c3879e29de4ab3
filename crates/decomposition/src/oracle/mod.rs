//! Exact minima at given prices: of every interval at the meter, of every store, of every appliance's run.

mod interval;
mod joint;
mod run;
mod store;

pub(crate) use interval::{Lean, View, write_interval};
pub(crate) use joint::{Joint, JointOracle};
pub(crate) use run::{Placement, cheapest};
pub(crate) use store::{Question, StoreOracle, Trace, may};
