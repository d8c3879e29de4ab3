//! Syncs and bills of customers of the emulator, read back as a plan reads them.

#![expect(clippy::unwrap_used, reason = "what fails in a helper fails its test")]

mod bills;
mod organisation;
mod prices;
mod resume;
mod support;
mod troubles;
