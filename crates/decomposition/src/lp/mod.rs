//! A structured interior-point method for linear and separable convex quadratic programs over time.
//!
//! ```text
//! minimise  sum c x + 1/2 q x^2    subject to  A x = b,  lower <= x <= upper        (every bound finite)
//! ```
//!
//! Every interval has `m` state rows and `k` local rows. A *local family* has one column per interval, which touches
//! only rows of its interval; a *state family* has one column per interval edge `t + 1`, which enters state row `j` of
//! interval `t` with coefficient `+sign` and that of interval `t + 1` with `-sign * decay[t + 1]`. *Border columns* may
//! touch every row, and *link rows* touch border columns only. See [`Program`] for the layout and [`InteriorPoint`] for
//! the method.
//!
//! Sign of the duals: the reduced cost of a column is `c + q x - A^T y`; it is positive at a lower bound. The dual of a
//! row is therefore the change of the optimum per unit of its right-hand side.

#![allow(dead_code, reason = "a complete interface: all of it is tested, not all of it is in use")]

mod assembly;
mod block;
mod border;
mod chain;
mod columns;
mod dense;
mod interior;
mod lanes;
mod newton;
mod operator;
mod point;
mod program;
mod start;
mod status;
mod step;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod timing;

pub(crate) use interior::InteriorPoint;
pub(crate) use program::{Family, Program};
#[allow(unused_imports, reason = "as above")]
pub(crate) use status::{Outcome, Settings, Start, Status};
