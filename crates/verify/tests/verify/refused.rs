//! Proofs that must be refused, and for what.

use offpeak_domain::{Cents, Fixed, Fixing, Home, Multipliers, Pivot, Proof};
use offpeak_testhomes::full;
use offpeak_verify::{Refuted, verify};

use crate::proof;

fn home() -> Home {
    Home::new(full::spec(full::day())).expect("a possible home")
}

/// What is said of multipliers that `change` has changed.
fn said(change: impl Fn(&mut Multipliers)) -> String {
    let home = home();
    let mut multipliers = Multipliers::zero(&home);
    change(&mut multipliers);
    verify(&home, &proof(multipliers)).expect_err("must be refused").to_string()
}

#[test]
fn shapes_that_do_not_fit_are_named() {
    let refused = said(|all| all.batteries.clear());
    assert_eq!(refused, "leaf 0: battery prices has 0 values, expected 1");
    let refused = said(|all| all.evs[0].discharge.truncate(95));
    assert_eq!(refused, "leaf 0: EV 0 discharge has 95 values, expected 96");
    let refused = said(|all| all.heat_pumps[0].serve.clear());
    assert_eq!(refused, "leaf 0: heat pump 0 serve has 0 values, expected 96");
    let refused = said(|all| all.start_caps[0].clear());
    assert_eq!(refused, "leaf 0: start caps of heat pump 0 has 0 values, expected 1");
    let refused = said(|all| all.pivot = Some(Pivot::Ev(2)));
    assert_eq!(refused, "leaf 0: the home has no EV 2");
}

#[test]
fn multipliers_out_of_their_range_are_named() {
    let refused = said(|all| all.appliances[1][7] = f64::NAN);
    assert_eq!(
        refused,
        "leaf 0: appliance 1 in interval 7 is NaN, must be a number from -1000000000 to 1000000000"
    );
    let refused = said(|all| all.peaks[0][3] = -0.5);
    assert_eq!(refused, "leaf 0: peak 0 in interval 3 is -0.5, must be at least 0");
    let refused = said(|all| all.peaks[0][48] = 0.5);
    assert_eq!(refused, "leaf 0: peak 0 in interval 48 is 0.5, must be 0 outside its window");
    let refused = said(|all| all.peaks[0][..2].fill(8.0));
    assert_eq!(refused, "leaf 0: sum of peak 0 is 16, must be at most 15 ct/kW");
    let refused = said(|all| all.start_caps[0][0] = -1.0);
    assert_eq!(refused, "leaf 0: start cap 0 of heat pump 0 is -1, must be a number from 0 to 1000000000");
}

#[test]
fn what_is_not_read_may_be_left_out() {
    let home = home();
    let mut multipliers = Multipliers::zero(&home);
    multipliers.pivot = Some(Pivot::HeatPump(0));
    multipliers.heat_pumps[0].rooms.clear();
    multipliers.heat_pumps[0].backup.clear();
    multipliers.heat_pumps[1].rooms.clear();
    multipliers.heat_pumps[1].serve.clear();
    multipliers.evs[1].discharge.clear();
    verify(&home, &proof(multipliers)).expect("all that is read is there");
}

#[test]
fn fixings_must_be_of_the_home_and_cover_all() {
    let home = home();
    let with = |interval: usize, what: Fixed| -> Refuted {
        let mut one = proof(Multipliers::zero(&home));
        one.leaves[0].fixings = vec![Fixing { interval, what }];
        verify(&home, &one).expect_err("must be refused")
    };
    let direction = Fixed::Direction { import: true, export: false };
    assert!(matches!(with(96, direction.clone()), Refuted::UnknownFixing { leaf: 0, .. }));
    assert_eq!(with(95, direction), Refuted::Uncovered { leaves: 1 });
    let modes = |count: usize| Fixed::Ev { index: 0, idle: true, modes: vec![true; count], discharge: false };
    assert!(matches!(with(0, modes(3)), Refuted::UnknownFixing { .. }));
    assert_eq!(with(0, modes(2)), Refuted::Uncovered { leaves: 1 });
    let pump = Fixed::Compressor { index: 2, idle: true, rooms: true, hot_water: true };
    assert!(matches!(with(0, pump), Refuted::UnknownFixing { .. }));
    assert_eq!(verify(&home, &Proof::default()), Err(Refuted::Uncovered { leaves: 0 }));
}

#[test]
fn claims_pass_up_to_the_slack_and_no_further() {
    let home = home();
    let mut one = proof(Multipliers::zero(&home));
    let found = verify(&home, &one).expect("a proof without a claim stands");
    assert!(found.slack.0 < 0.1, "{found:?}");
    one.leaves[0].bound = found.bound + found.slack * 0.99;
    assert_eq!(verify(&home, &one), Ok(found));
    one.leaves[0].bound = found.bound + found.slack * 1.01;
    assert!(matches!(verify(&home, &one), Err(Refuted::Claim { leaf: 0, .. })));
    one.leaves[0].bound = Cents(f64::NAN);
    assert!(matches!(verify(&home, &one), Err(Refuted::Claim { .. })));
}
