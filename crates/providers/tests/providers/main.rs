//! The clients against played providers on loopback.

#![expect(clippy::unwrap_used, reason = "what fails in a helper fails its test")]

mod client;
mod judged;
mod prices;
mod reading;
mod spot;
mod support;
