//! Tests of consents and tokens against servers that this crate did not write, or that know nothing of it.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "helpers of tests")]

mod certified;
mod conformance;
mod crashes;
mod flow;
mod held_up;
mod processes;
mod refreshing;
mod secrets;
mod speed;
mod storms;
mod support;
mod together;
