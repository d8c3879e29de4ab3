//! A proof against its home.

use offpeak_domain::{Cents, Home, Proof};

use crate::bound::recompute;
use crate::cover::cover;
use crate::fixings::Fixings;
use crate::problem::Problem;
use crate::refuted::Refuted;
use crate::shape;

/// What a proof proves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Verified {
    /// No schedule of the home has a lower objective: recomputed and rounded down.
    pub bound: Cents,
    /// How far rounding down may have lowered `bound` at most; claims up to `bound + slack` pass.
    pub slack: Cents,
}

/// Recomputes the bound of every leaf of `proof`, and that its leaves cover every schedule of `home`.
///
/// # Errors
/// [`Refuted`] names the first thing that is wrong.
pub fn verify(home: &Home, proof: &Proof) -> Result<Verified, Refuted> {
    let leaves = proof.leaves.iter().enumerate();
    let fixings = leaves.clone().map(|(number, leaf)| {
        shape::check(home, &leaf.multipliers, number)?;
        Fixings::of(home, number, &leaf.fixings)
    });
    let fixings = fixings.collect::<Result<Vec<_>, _>>()?;
    if !cover(&fixings) {
        return Err(Refuted::Uncovered { leaves: proof.leaves.len() });
    }
    let (mut bound, mut at_most) = (f64::INFINITY, f64::INFINITY);
    for ((number, leaf), fixings) in leaves.zip(&fixings) {
        let found = recompute(&Problem::new(home, &leaf.multipliers, fixings));
        // A claim that is no number fails too.
        if leaf.bound.0.is_nan() || leaf.bound.0 > found.value + found.slack {
            return Err(Refuted::Claim {
                leaf: number,
                claimed: leaf.bound,
                recomputed: Cents(found.value),
                slack: Cents(found.slack),
            });
        }
        bound = bound.min(found.value);
        at_most = at_most.min(found.value + found.slack);
    }
    Ok(Verified { bound: Cents(bound), slack: Cents(if bound.is_finite() { at_most - bound } else { 0.0 }) })
}
