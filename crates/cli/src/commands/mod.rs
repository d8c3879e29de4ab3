//! One file per command.

pub(crate) mod audit;
mod charts;
pub(crate) mod doctor;
pub(crate) mod emulate;
pub(crate) mod invite;
pub(crate) mod plan;
pub(crate) mod prices;
pub(crate) mod replay;
pub(crate) mod report;
pub(crate) mod reseal;
pub(crate) mod serve;
pub(crate) mod show;
pub(crate) mod study_report;
pub(crate) mod sync;
pub(crate) mod synth;
pub(crate) mod validate;
