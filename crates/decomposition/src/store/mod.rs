//! Exact minimisation over one store: a scalar state with a small automaton beside it.
//!
//! A store is a battery, a car, the rooms of a house or a tank: one number (stored energy in kWh or a temperature
//! in °C) that decays, drifts, and is moved by the chosen operation. Backward dynamic programming over
//! piecewise-linear functions of that number gives a certified lower bound of the cheapest schedule, and a forward
//! trace gives a schedule whose cost is within a stated slack of the bound.
//!
//! ```text
//! x_{t+1} = clamp_{t+1}(decay_t x_t + drift_t + step + heat)
//! V_T(x, k) = penalty_T(x)
//! V_t(x, k) = penalty_t(x) + min over arcs from k, pieces, heat of  cost + V_{t+1}(x_{t+1}, to)
//! ```
//!
//! The functions are lower semicontinuous and may jump or be infinite in between, because a minimum power leaves
//! holes between "off" and "on". Left alone their number of pieces doubles with every interval; each is therefore
//! replaced by a function with fewer pieces in the band `[f - tolerance, f]`, which keeps the bound valid.
//!
//! Most states lie on no good schedule. Two passes over convex functions, cheap and below the true ones, say what a
//! schedule through a state costs at least: `departure` (cost still to come, without the automaton) and `arrival`
//! (cost so far, with it). States through which no schedule costs as little as a guess are left out; if the value
//! then found is at most the guess it is the value, otherwise the guess is raised.

mod arrival;
mod backward;
mod convex;
mod cutoff;
mod departure;
mod envelope;
mod landing;
mod penalty;
mod problem;
mod reach;
mod segment;
mod simplify;
mod solver;
mod trace;
mod values;
mod window;

#[cfg(test)]
mod tests;

pub(crate) use problem::{Domain, Piece, Side, StoreProblem};
pub(crate) use solver::{StoreOptions, StoreSolver};
pub(crate) use trace::StorePath;
