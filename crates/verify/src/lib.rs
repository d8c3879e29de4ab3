//! Recomputes a proven lower bound from the home and the proof's multipliers, sharing nothing with what proved it.
//!
//! [`verify`] believes nothing of a [`Proof`](offpeak_domain::Proof) but its multipliers, and those prove themselves: by
//! Lagrangian decomposition, any prices for the copies of powers at the devices and at the meter give a lower bound,
//!
//! ```text
//! sum over intervals of  min over copies at the meter of (cost of net power - sum of price * power)
//! + sum over devices of  min over the device's own ways of (its own cost + sum of price * power)
//! - what dualised limits leave free
//! ```
//!
//! One store may be the *pivot*: its dynamic program meets the meter's cost in each interval directly, as a function of its power.
//! A heat pump with two sinks is two stores: the main one carries the compressor's automaton and is paid for serving the
//! other one, which pays.
//!
//! Every minimum is found by one means: functions of one variable that are piecewise linear, with the least of several,
//! the sum, and the best step. Numbers are `f64`; states and powers are given a nudge against rounding, simplification only
//! ever lowers a function, and what is lost so is stated as the slack of the result.
//!
//! ```
//! # use offpeak_domain::{Home, Proof};
//! # fn show(home: &Home, proof: &Proof) {
//! match offpeak_verify::verify(home, proof) {
//!     Ok(verified) => println!("no schedule costs less than {}", verified.bound),
//!     Err(refuted) => println!("{refuted}"),
//! }
//! # }
//! ```

mod appliance;
mod battery;
mod bound;
mod choices;
mod cover;
mod envelope;
mod ev;
mod fixings;
mod function;
mod heat_pump;
mod heated;
mod meter;
mod piece;
mod problem;
mod reach;
mod refuted;
mod shape;
mod simplify;
mod sink;
mod store;
mod verify;

pub use refuted::Refuted;
pub use verify::{Verified, verify};
