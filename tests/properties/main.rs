//! What must hold for every home: soundness, monotony in what a home may do, and the same plan in every company.
//!
//! The homes are random and the same in every run.

mod any_home;
mod fleet;
mod flexibility;
mod soundness;

use proptest::test_runner::{Config, RngSeed};

/// `cases` random homes from a fixed seed.
fn cases(cases: u32) -> Config {
    Config { cases, rng_seed: RngSeed::Fixed(20_260_329), failure_persistence: None, ..Config::default() }
}
