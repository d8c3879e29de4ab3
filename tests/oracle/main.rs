//! Independent judges: the backends against the exact optimum of hundreds of tiny homes.
//!
//! The judges know the model only from its description and share no code with the solver, nor with the domain's own
//! settling and accounting. [`enumeration`] tries every schedule of homes whose devices have few powers;
//! [`integer_grid`] runs dynamic programming over homes in which some optimum lies on whole numbers; [`naive`] solves the
//! textbook program of any home, so that homes beyond the reach of the other two can be judged.

mod enumeration;
mod grid_cost;
mod integer_grid;
mod random_homes;

use std::ops::Range;

use offpeak_domain::{Home, HomeSpec};
use offpeak_solver::{Backend, Highs, Ladder, plan_with};
use offpeak_tests::{assert_closed, assert_sound, exact, naive};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// Money agrees within this, in ct: the gap asked for and the tolerance of a solver on powers, at steep penalties.
const MONEY: f64 = 2e-3;

/// Every home made from one of `seeds` is planned as cheaply as `optimum` says it can be, and no bound claims more.
fn judge(
    backend: &dyn Backend,
    seeds: Range<u64>,
    home: impl Fn(&mut ChaCha8Rng) -> HomeSpec,
    optimum: impl Fn(&Home) -> f64,
) {
    let count = seeds.end - seeds.start;
    let wrong: Vec<String> = seeds
        .filter_map(|seed| {
            let home =
                Home::new(home(&mut ChaCha8Rng::seed_from_u64(seed))).expect("a home of a test is possible");
            differs(backend, &home, optimum(&home)).map(|difference| format!("seed {seed}: {difference}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {count} homes:\n{}", wrong.len(), wrong.join("\n"));
}

/// What is wrong with the plan of `home` by `backend`, if anything.
fn differs(backend: &dyn Backend, home: &Home, optimum: f64) -> Option<String> {
    let options = exact();
    let planned = match plan_with(backend, home, &options) {
        Ok(planned) => planned,
        Err(error) => return Some(format!("optimum {optimum}, no plan: {error}")),
    };
    let certificate = &planned.plan.certificate;
    if (certificate.objective.0 - optimum).abs() > MONEY || certificate.bound.0 > optimum + MONEY {
        return Some(format!(
            "optimum {optimum}, {certificate:?}, {:?}\n{home:?}",
            planned.plan.costed.money
        ));
    }
    assert_sound(home, &planned, &options);
    assert_closed(home, &planned, &options);
    None
}

#[test]
fn every_schedule_tried_none_is_cheaper_than_the_plan() {
    judge(&Ladder, 0..300, random_homes::of_few_powers, enumeration::optimum);
}

#[test]
fn one_device_on_whole_numbers_is_planned_as_well_as_by_dynamic_programming() {
    judge(&Ladder, 1000..1200, |random| random_homes::of_whole_numbers(random, 1), integer_grid::optimum);
}

#[test]
fn two_devices_on_whole_numbers_are_planned_as_well_as_by_dynamic_programming() {
    judge(&Ladder, 2000..2060, |random| random_homes::of_whole_numbers(random, 2), integer_grid::optimum);
}

#[test]
fn the_tight_program_has_the_optimum_of_the_naive_one() {
    judge(&Highs::default(), 0..300, random_homes::of_few_powers, naive::optimum);
    judge(&Highs::default(), 3000..3030, |random| random_homes::of_whole_numbers(random, 3), naive::optimum);
}

#[test]
fn three_devices_on_whole_numbers_are_planned_as_well_as_by_the_naive_program() {
    judge(&Ladder, 3000..3030, |random| random_homes::of_whole_numbers(random, 3), naive::optimum);
}
