//! The service as browsers, devices, the provider and the operator meet it, with the played provider behind it.

#![allow(clippy::unwrap_used, reason = "what fails in a helper fails its test")]

mod config;
mod consent;
mod device;
mod doctor;
mod operator;
mod security;
mod support;
mod webhooks;
mod wire;
