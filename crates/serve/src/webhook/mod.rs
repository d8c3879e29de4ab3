//! Events of the provider: checked, kept, worked on until done.

mod event;
mod signature;
mod worker;

pub(crate) use event::id_of;
pub use event::{Activation, NoTrigger, Trigger};
pub(crate) use signature::{Refusal, verify};
pub(crate) use worker::Worker;
