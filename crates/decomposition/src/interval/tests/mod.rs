//! Judges of the interval oracle: enumeration of vertices on random intervals, and cases worked out by hand.

mod brute;
mod by_hand;
mod instances;
mod random;

pub(super) use instances::Lcg;
