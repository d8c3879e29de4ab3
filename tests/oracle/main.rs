//! Independent judges: the solver against the exact optimum of hundreds of tiny homes.
//!
//! The judges know the model only from its description and share no code with the solver, nor with the domain's own
//! settling and accounting. [`enumeration`] tries every schedule of homes whose devices have few powers;
//! [`integer_grid`] runs dynamic programming over homes in which some optimum lies on whole numbers.

mod enumeration;
mod grid_cost;
mod integer_grid;
mod random_homes;

use offpeak_domain::{Home, HomeSpec};
use offpeak_tests::{assert_sound, exact};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// Money agrees within this, in ct: the gap asked for and the tolerance of a solver on powers, at steep penalties.
const MONEY: f64 = 2e-3;

/// The solver finds `optimum` and claims no bound above it.
fn assert_optimal(home: HomeSpec, optimum: impl Fn(&Home) -> f64) {
    let home = Home::new(home).expect("a home of a test is possible");
    let options = exact();
    let planned =
        offpeak_solver::plan_home(&home, &options).unwrap_or_else(|error| panic!("{error}\n{home:#?}"));
    assert_sound(&home, &planned, &options);
    let optimum = optimum(&home);
    let certificate = &planned.plan.certificate;
    let plan = &planned.plan.costed;
    assert!(
        (certificate.objective.0 - optimum).abs() <= MONEY,
        "optimum {optimum}, {certificate:?}\n{home:#?}\n{plan:#?}"
    );
    assert!(certificate.bound.0 <= optimum + MONEY, "optimum {optimum}, {certificate:?}\n{home:#?}");
}

#[test]
fn every_schedule_tried_none_is_cheaper_than_the_plan() {
    for seed in 0..300 {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        assert_optimal(random_homes::of_few_powers(&mut random), enumeration::optimum);
    }
}

#[test]
fn one_device_on_whole_numbers_is_planned_as_well_as_by_dynamic_programming() {
    for seed in 0..200 {
        let mut random = ChaCha8Rng::seed_from_u64(1000 + seed);
        assert_optimal(random_homes::of_whole_numbers(&mut random, 1), integer_grid::optimum);
    }
}

#[test]
fn two_devices_on_whole_numbers_are_planned_as_well_as_by_dynamic_programming() {
    for seed in 0..60 {
        let mut random = ChaCha8Rng::seed_from_u64(2000 + seed);
        assert_optimal(random_homes::of_whole_numbers(&mut random, 2), integer_grid::optimum);
    }
}
