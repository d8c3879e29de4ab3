//! Replays: what holds for every policy, and what a day costs by hand.

mod support;

mod laws;
mod speed;
