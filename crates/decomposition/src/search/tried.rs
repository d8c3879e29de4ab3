//! Patterns that were solved already, and what the linear program leaves out of a schedule's cost.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::allowed::Allowed;
use crate::oracle::Placement;

/// What earlier schedules told.
#[derive(Debug, Default)]
pub(super) struct Tried {
    /// Hashes of the patterns; two that collide cost a schedule, never its validity.
    patterns: Vec<u64>,
    /// What the best schedule costs more than its linear program, without starts and appliances that do not run, ct: the same
    /// for every pattern.
    pub(super) constant: f64,
}

impl Tried {
    /// Whether nothing like this was solved before; it counts as solved from now on.
    pub(super) fn is_new(&mut self, allowed: &Allowed, placements: &[Placement]) -> bool {
        // The keys of this hasher are constant, so that every run finds the same.
        let mut hasher = DefaultHasher::new();
        (allowed, placements).hash(&mut hasher);
        let hash = hasher.finish();
        let place = self.patterns.binary_search(&hash);
        place.map_err(|at| self.patterns.insert(at, hash)).is_err()
    }
}
