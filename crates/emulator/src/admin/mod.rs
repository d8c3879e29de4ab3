//! What steers the emulator while it runs: paths that begin with `/__`.

pub(crate) mod handlers;
pub(crate) mod webhook;
