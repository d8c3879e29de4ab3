//! Bounds that must hold, bounds that must be reached, and proofs that must be refused.

mod exact;
mod hand_worked;
mod never_above;
mod random_home;
mod random_schedule;
mod refused;
mod time;

use offpeak_domain::{Cents, Home, HomeSpec, Leaf, Multipliers, Pivot, Proof};
use offpeak_verify::{Verified, verify};

/// A proof of one leaf that claims nothing.
fn proof(multipliers: Multipliers) -> Proof {
    Proof { leaves: vec![Leaf { fixings: Vec::new(), multipliers, bound: Cents(f64::NEG_INFINITY) }] }
}

/// The bound that `multipliers` prove.
fn bound(home: &Home, multipliers: Multipliers) -> Verified {
    verify(home, &proof(multipliers)).expect("a proof without a claim stands")
}

/// The home and what its bound is with `pivot` and prices of 0.
fn bound_with(spec: HomeSpec, pivot: Option<Pivot>) -> (Home, Verified) {
    let home = Home::new(spec).expect("a possible home");
    let verified = bound(&home, Multipliers { pivot, ..Multipliers::zero(&home) });
    (home, verified)
}

/// The bound is `expected`, or lower by no more than its slack.
fn assert_reaches(verified: Verified, expected: f64) {
    let Verified { bound, slack } = verified;
    assert!(
        bound.0 <= expected + 1e-9 && bound.0 + slack.0 >= expected,
        "bound {bound} with slack {slack}, expected {expected}"
    );
}
