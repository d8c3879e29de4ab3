//! What a solve is asked for and how it ended.

/// Where the iteration starts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Start {
    /// From the data alone.
    Cold,
    /// From the duals of the previous solve of a program of the same shape; bounds and costs may have changed.
    /// The number is the complementarity `(x - lower) * z` to start from, ct: small where little has changed.
    Warm(f64),
}

/// When to stop.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    /// Largest gap between objective and dual bound, relative to `1 + |objective|`.
    pub(crate) gap: f64,
    /// Largest violation of a row, absolute and in the row's unit, times `1 + max|b| / 100`.
    pub(crate) feasibility: f64,
    /// Most iterations.
    pub(crate) iterations: usize,
    /// Stop as soon as the dual bound exceeds this, ct; infinite: never.
    pub(crate) cutoff: f64,
    /// Where to start.
    pub(crate) start: Start,
}

impl Default for Settings {
    fn default() -> Self {
        Self { gap: 1e-8, feasibility: 1e-9, iterations: 100, cutoff: f64::INFINITY, start: Start::Cold }
    }
}

/// How a solve ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// Rows, gap and bounds are within the tolerances.
    Optimal,
    /// The dual bound is above the cutoff.
    Cutoff,
    /// A combination of the rows proves that no point within the bounds satisfies them.
    Infeasible,
    /// Neither optimal nor proven infeasible within the iterations, or no progress any more. See the residuals.
    Stalled,
}

/// How a solve ended, in numbers. All of them are finite.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outcome {
    /// How it ended.
    pub(crate) status: Status,
    /// Objective at the last point, ct (with the proximal term, if there is one).
    pub(crate) objective: f64,
    /// Lower bound on the optimum from the last duals, ct. Valid for any duals, up to rounding.
    pub(crate) bound: f64,
    /// Largest violation of a row at the last point, in the row's unit.
    pub(crate) residual: f64,
    /// Factorisations done.
    pub(crate) iterations: usize,
}

impl Outcome {
    /// Nothing is known.
    pub(super) fn nothing() -> Self {
        Self { status: Status::Stalled, objective: 0.0, bound: f64::MIN, residual: f64::MAX, iterations: 0 }
    }
}
