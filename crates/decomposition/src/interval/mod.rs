//! The interval oracle: the exact minimum of one interval's money minus priced powers, with its grid rules.
//!
//! One interval of the Lagrangian bound owns a copy of every flexible power. The copies of the *followers* are priced,
//! the copy `x` of at most one *pivot* is not, and the function of the pivot is
//!
//! ```text
//! G(x) = min over curtail in [0, curtail_max] and p_d in a mode of follower d of  g(n) - sum_d price_d p_d
//!        n = base + x + curtail + sum_d p_d                                       net power at the meter, kW
//! ```
//!
//! `g` is the piecewise-linear money of the grid connection ([`Meter`]); a mode ([`Interval::add_mode`]) is a range of
//! power with a convex cost. In one direction of the meter:
//!
//! 1. every follower is trimmed to the powers that can be optimal at some slope `g` really has; where the net power
//!    crosses no kink that decides everything;
//! 2. the grid and the followers left with one mode are convex together: their slopes, sorted, laid end to end;
//! 3. each other follower is convolved into that function, and the lower envelope taken over its modes.
//!
//! Then the lower envelope over the directions. No choice of modes is enumerated, so the effort follows the number of
//! pieces.
//!
//! Rounding: sums of a few products in `f64`, relative error about 1e-12. A pivot that misses the feasible range of a
//! choice of modes by no more than [`SLACK`] counts as at its end, so that rounding never turns a feasible point into
//! an infeasible one.

mod convex;
mod convolve;
mod curve;
mod envelope;
mod hull;
mod line;
mod oracle;
mod problem;
mod table;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod timing;
mod trace;
mod trim;

pub(crate) use line::Piece;
pub(crate) use oracle::{Choice, IntervalOracle};
pub(crate) use problem::{Interval, Meter, MeterRule, Segment};

/// How far a power may miss a feasible range and count as at its end, kW.
pub(crate) const SLACK: f64 = 1e-9;
