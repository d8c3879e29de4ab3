//! Tiny homes whose optimum is known by trying every schedule: no bound lies above it, and no schedule below.

use offpeak_audit::audit_costed;
use offpeak_domain::{Costed, GapTolerance, Home, HomeSpec};
use offpeak_solver::Options;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use std::ops::Range;

use crate::judged::{propose, rounding};
use crate::{enumeration, integer_grid, random_homes};

/// Judges the homes made from `seeds` by their `optimum`.
#[expect(clippy::print_stdout, reason = "the share closed is worth knowing where the test passes")]
fn judge(
    name: &str,
    seeds: Range<u64>,
    make: impl Fn(&mut ChaCha8Rng) -> HomeSpec,
    optimum: impl Fn(&Home) -> f64,
) {
    let (mut faults, mut closed, mut near, count) = (Vec::new(), 0, 0, seeds.end - seeds.start);
    for seed in seeds {
        let home =
            Home::new(make(&mut ChaCha8Rng::seed_from_u64(seed))).expect("a home of a test is possible");
        let optimum = optimum(&home);
        let proposal = propose(&home, &Options::default());
        let own = Costed::of(&home, proposal.setpoints.clone());
        let (bound, objective) = (proposal.bound.0, own.money.objective().0);
        let violation = audit_costed(&home, &own).into_iter().next();
        let allowed = GapTolerance::default().allowed(own.money.objective()).0;
        closed += u64::from(proposal.found && objective - bound <= allowed);
        near += u64::from(proposal.found && objective - optimum <= allowed);
        let slack = rounding(optimum);
        if bound > optimum + slack || (proposal.found && (objective < optimum - slack || violation.is_some()))
        {
            faults.push(format!(
                "seed {seed}: optimum {optimum}, bound {bound}, objective {objective}, {violation:?}"
            ));
        }
    }
    println!("{name}: {closed} closed, {near} near the optimum, of {count}");
    assert!(faults.is_empty(), "{} of {count} homes:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn of_few_powers_the_optimum_lies_between_bound_and_schedule() {
    judge("few powers", 0..300, random_homes::of_few_powers, enumeration::optimum);
}

#[test]
fn on_whole_numbers_the_optimum_lies_between_bound_and_schedule() {
    let one = |random: &mut ChaCha8Rng| random_homes::of_whole_numbers(random, 1);
    judge("whole numbers", 1000..1200, one, integer_grid::optimum);
}

#[test]
fn of_two_devices_on_whole_numbers_the_optimum_lies_between_bound_and_schedule() {
    let two = |random: &mut ChaCha8Rng| random_homes::of_whole_numbers(random, 2);
    judge("two on whole numbers", 2000..2060, two, integer_grid::optimum);
}
