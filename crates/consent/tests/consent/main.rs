//! Tests of consents and tokens against servers that this crate did not write, or that know nothing of it.

#![allow(clippy::unwrap_used, reason = "a helper of a test fails as the test does")]

mod certified;
mod conformance;
mod crashes;
mod flow;
mod processes;
mod refreshing;
mod secrets;
mod support;
