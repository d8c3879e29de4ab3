//! The minimisation from end to end: reach, backward pass, trace, certificate.

use super::arrival::Arrival;
use super::backward::Backward;
use super::cutoff::Cutoff;
use super::departure::Departure;
use super::problem::StoreProblem;
use super::reach::Reach;
use super::trace::StorePath;

/// By how much a guess that was too low is raised.
const GUESS_GROWTH: f64 = 2.0;

/// Knobs of the minimisation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StoreOptions {
    /// What one interval may cost the bound, ct.
    pub(crate) tolerance: f64,
    /// How far above its coarse bound the value is sought first, ct: only the speed depends on it.
    pub(crate) first_guess: f64,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self { tolerance: 1e-4, first_guess: 1.0 }
    }
}

impl StoreOptions {
    /// How far the schedule may lie above the bound, ct, with this many intervals: the tolerance of every function,
    /// and the rounding allowance, which is far smaller.
    #[cfg(test)]
    pub(super) fn slack(&self, intervals: usize) -> f64 {
        (intervals as f64) * self.tolerance + 1e-5
    }
}

/// Scratch of the minimisation, reused from call to call.
#[derive(Debug, Default)]
pub(crate) struct StoreSolver {
    reach: Reach,
    departure: Departure,
    arrival: Arrival,
    backward: Backward,
    /// Segments written since it was made: what it took, whatever the machine.
    pub(crate) work: usize,
}

impl StoreSolver {
    /// A certified lower bound of the cheapest schedule, ct, with a schedule in `path`; none if there is none.
    /// The schedule costs at most `StoreOptions::slack` more than the bound. (A store that can be kept within its
    /// walls by less than the rounding only may have a bound and no schedule: then the path's cost is infinite.)
    pub(crate) fn solve(
        &mut self,
        problem: &StoreProblem,
        options: &StoreOptions,
        path: &mut StorePath,
    ) -> Option<f64> {
        self.reach.compute(problem);
        let value = self.discarding(problem, options, path);
        let value = value.or_else(|| self.attempt(problem, options, path, None))?;
        Some(value - self.allowance(problem, path))
    }

    /// The value, if it can be found among the states that the coarse bounds leave.
    fn discarding(
        &mut self,
        problem: &StoreProblem,
        options: &StoreOptions,
        path: &mut StorePath,
    ) -> Option<f64> {
        let coarse = self.departure.compute(problem, &self.reach);
        if !coarse.is_finite() {
            return None;
        }
        let room = 20.0 + 0.1 * coarse.abs();
        [room, 10.0 * room].into_iter().find_map(|room| self.below(problem, options, path, coarse + room))
    }

    /// The value, if it is at most `ceiling`. A guess is raised until it is one: what costs more than the guess is
    /// discarded, so that a value up to the guess is the value, and a higher one or none says that the guess was
    /// too low.
    fn below(
        &mut self,
        problem: &StoreProblem,
        options: &StoreOptions,
        path: &mut StorePath,
        ceiling: f64,
    ) -> Option<f64> {
        self.arrival.compute(problem, &self.departure, ceiling);
        let bound = self.arrival.whole();
        let mut extra = options.first_guess;
        loop {
            let guess = ceiling.min(bound + extra);
            match self.attempt(problem, options, path, Some(guess)) {
                Some(value) if value <= guess => return Some(value),
                _ if guess >= ceiling => return None,
                // A schedule above the guess shows how high to guess.
                Some(_) if path.cost < f64::INFINITY => extra = (path.cost - bound).max(2.0 * extra),
                _ => extra *= GUESS_GROWTH,
            }
        }
    }

    /// One backward pass and trace, over the states through which a schedule may cost at most `most`.
    pub(super) fn attempt(
        &mut self,
        problem: &StoreProblem,
        options: &StoreOptions,
        path: &mut StorePath,
        most: Option<f64>,
    ) -> Option<f64> {
        let rounding = 1e-6 + 1e-11 * self.arrival.magnitude();
        let cutoff = most.map(|most| Cutoff { arrival: &self.arrival, most: most + rounding });
        let through = self.backward.run(problem, &self.reach, options.tolerance, cutoff);
        self.work += self.backward.values.len();
        if through { path.trace(problem, &self.backward.values) } else { None }
    }

    /// Mean and largest number of segments of a function in the last backward pass.
    #[cfg(test)]
    pub(super) fn pieces(&self) -> (usize, usize) {
        self.backward.values.pieces()
    }

    /// What rounding may have added to the bound, ct. An interval takes about a dozen operations on values of size
    /// `magnitude` and moves a state by a few units in its last place, which costs at most the steepest slope times
    /// that; ends joined by the simplification add their own `1e-10`.
    fn allowance(&self, problem: &StoreProblem, path: &StorePath) -> f64 {
        let states = path.state.iter().fold(1.0, |size: f64, x| size.max(x.abs()));
        let size = self.backward.values.magnitude() + problem.steepness() * states;
        problem.len() as f64 * (1e-9 + 32.0 * f64::EPSILON * size)
    }
}
