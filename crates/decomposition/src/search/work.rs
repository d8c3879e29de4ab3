//! How much a search has taken and may take, counted so that every machine counts the same.

use super::Search;
use crate::Effort;

/// Segments of store functions that take about as long as one interior-point iteration.
const SEGMENTS: usize = 600;
/// Iterations after which nothing new is begun: about half a second, and several seconds.
const STANDARD: usize = 8_000;
const THOROUGH: usize = 80_000;

impl Search<'_> {
    /// Whether the gap is open and there is work left to close it with.
    pub(super) fn goes_on(&self, effort: Effort) -> bool {
        let most = match effort {
            Effort::Quick => 0,
            Effort::Standard => STANDARD,
            Effort::Thorough => THOROUGH,
        };
        !self.closed() && self.iterations + self.evaluator.work() / SEGMENTS < most
    }
}
