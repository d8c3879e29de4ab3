//! Replays: what holds for every policy on any home, judged by the auditor and the baseline, and a study by hand.

mod baseline;
mod batteries;
mod by_hand;
mod clock_changes;
mod laws;
mod no_look_ahead;
mod plant;
mod speed;
mod study;
mod support;
