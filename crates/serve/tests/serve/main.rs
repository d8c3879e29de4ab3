//! The service as browsers, devices, the provider and the operator meet it, with the played provider behind it.

#![allow(clippy::unwrap_used, reason = "what fails in a helper fails its test")]

mod config;
mod consent;
mod device;
mod doctor;
mod operator;
#[path = "../../../consent/tests/consent/support/postgres.rs"]
#[expect(dead_code, reason = "tests of the consents themselves use the rest")]
mod postgres;
mod security;
mod support;
mod webhooks;
mod wire;
