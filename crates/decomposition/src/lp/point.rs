//! A point of the interior-point method in numbers, and whether it is good enough.

use super::status::{Outcome, Settings, Status};

/// How much more than asked for the rows may be violated where steps do not bring it down any more: rounding noise.
const STUCK: f64 = 30.0;

/// A point in numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Point {
    /// Mean of `t z`, ct.
    pub(super) mu: f64,
    pub(super) objective: f64,
    pub(super) bound: f64,
    pub(super) residual: f64,
}

impl Point {
    /// Between objective and bound, relative.
    pub(super) fn gap(&self) -> f64 {
        (self.objective - self.bound).abs() / (1.0 + self.objective.abs())
    }

    /// What a solve that ends here came to; neither optimal nor iterated yet.
    pub(super) fn outcome(&self) -> Outcome {
        Outcome {
            objective: self.objective,
            bound: self.bound,
            residual: self.residual,
            ..Outcome::nothing()
        }
    }

    /// Whether this point ends the solve; `scale` is that of the rows, and a violation is `stuck` where the last step did not
    /// bring it down.
    pub(super) fn end(&self, settings: &Settings, (scale, gap): (f64, f64), stuck: bool) -> Option<Status> {
        let slack = if stuck { STUCK } else { 1.0 };
        if self.residual <= slack * settings.feasibility * scale && gap <= settings.gap {
            Some(Status::Optimal)
        } else {
            (self.bound > settings.cutoff).then_some(Status::Cutoff)
        }
    }
}
