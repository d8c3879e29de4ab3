//! Random choices from a seed.

use std::ops::Range;

use offpeak_domain::HomeSpec;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A source of random choices; the same seed makes the same ones.
pub(crate) struct Draw(ChaCha8Rng);

impl Draw {
    pub(crate) fn from_seed(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.0.random_bool(probability)
    }

    pub(crate) fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.0.random_range(0..choices.len())]
    }

    /// A number in `range` on a grid of hundredths, so that ties are common.
    pub(crate) fn number(&mut self, range: Range<f64>) -> f64 {
        (self.0.random_range(range) * 100.0).round() / 100.0
    }

    pub(crate) fn count(&mut self, range: Range<usize>) -> usize {
        self.0.random_range(range)
    }

    /// One number in `range` per interval.
    pub(crate) fn series(&mut self, home: &HomeSpec, range: Range<f64>) -> Vec<f64> {
        (0..home.horizon.len()).map(|_| self.number(range.clone())).collect()
    }
}
