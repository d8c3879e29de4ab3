//! Why a proof proves nothing, or less than it claims.

use offpeak_domain::{Cents, Fixing};
use thiserror::Error;

/// What is wrong with a proof.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum Refuted {
    /// The multipliers do not fit the home.
    #[error("leaf {leaf}: {what} has {found} values, expected {expected}")]
    Shape {
        /// Number of the leaf.
        leaf: usize,
        /// Which multipliers.
        what: String,
        /// How many there are.
        found: usize,
        /// How many there must be.
        expected: usize,
    },
    /// A multiplier is outside its range.
    #[error("leaf {leaf}: {what} is {found}, {allowed}")]
    Range {
        /// Number of the leaf.
        leaf: usize,
        /// Which multiplier.
        what: String,
        /// Its value.
        found: f64,
        /// What is allowed, as a clause: `must be at least 0`.
        allowed: String,
    },
    /// The pivot is no device of the home.
    #[error("leaf {leaf}: the home has no {pivot}")]
    UnknownPivot {
        /// Number of the leaf.
        leaf: usize,
        /// The device that is claimed to be the pivot.
        pivot: String,
    },
    /// A fixing names an interval, a device or choices that the home does not have.
    #[error("leaf {leaf}: no such choice: {fixing:?}")]
    UnknownFixing {
        /// Number of the leaf.
        leaf: usize,
        /// The fixing.
        fixing: Box<Fixing>,
    },
    /// Some schedules belong to no leaf.
    #[error("the {leaves} leaves do not cover every case")]
    Uncovered {
        /// How many leaves there are.
        leaves: usize,
    },
    /// A leaf claims more than its multipliers prove.
    #[error(
        "leaf {leaf}: claims a bound of {claimed}, recomputed {recomputed}, which may be too low by {slack} at most"
    )]
    Claim {
        /// Number of the leaf.
        leaf: usize,
        /// The bound it claims.
        claimed: Cents,
        /// The bound that its multipliers prove.
        recomputed: Cents,
        /// How far rounding down may have lowered the recomputed one.
        slack: Cents,
    },
}
