//! One file per command.

pub(crate) mod audit;
pub(crate) mod emulate;
pub(crate) mod plan;
pub(crate) mod prices;
pub(crate) mod replay;
pub(crate) mod report;
pub(crate) mod show;
mod study_report;
pub(crate) mod synth;
pub(crate) mod validate;
