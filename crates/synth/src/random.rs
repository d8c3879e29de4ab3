//! Streams of random numbers that depend on nothing but what they are for.

use chrono::{Datelike, NaiveDate};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

/// What a stream is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Topic {
    /// Temperature and cloud of a region; number 0 is the whole country.
    Weather,
    /// Wind and noise of the power market.
    Market,
    /// Which devices a home has.
    Ownership,
    /// The size of each device.
    Devices,
    /// A household's day.
    Household,
    /// A household's hot water in a day.
    HotWater,
    /// A car's trips on a day.
    Trips,
    /// Whether a car is away for a weekend.
    WeekendTrip,
    /// A household's appliances on a day.
    Appliances,
    /// Dimming by the grid operator on a day.
    Dimming,
}

/// All streams of a seed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Streams {
    pub(crate) seed: u64,
}

impl Streams {
    /// The stream of the thing `number`, whatever the day.
    pub(crate) fn lasting(self, topic: Topic, number: u64) -> ChaCha8Rng {
        self.keyed(topic, number, i32::MIN)
    }

    /// The stream of the thing `number` on `date`, whatever days are asked for before it.
    pub(crate) fn on(self, topic: Topic, number: u64, date: NaiveDate) -> ChaCha8Rng {
        self.keyed(topic, number, date.num_days_from_ce())
    }

    /// The key of the generator itself holds seed, topic, number and day, so streams never overlap.
    fn keyed(self, topic: Topic, number: u64, day: i32) -> ChaCha8Rng {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&self.seed.to_le_bytes());
        key[8] = topic as u8;
        key[16..24].copy_from_slice(&number.to_le_bytes());
        key[24..28].copy_from_slice(&day.to_le_bytes());
        ChaCha8Rng::from_seed(key)
    }
}

/// The draws that the models need.
pub(crate) trait Draw {
    /// True with probability `share`.
    fn chance(&mut self, share: f64) -> bool;
    /// Evenly from `low..high`.
    fn between(&mut self, low: f64, high: f64) -> f64;
    /// From the standard normal distribution.
    fn standard_normal(&mut self) -> f64;
    /// From a normal distribution, held within two and a half standard deviations.
    fn about(&mut self, mean: f64, deviation: f64) -> f64;
    /// The index of a weight, as often as it weighs.
    fn weighted(&mut self, weights: &[f64]) -> usize;
    /// The number of events of a Poisson process with that mean.
    fn count(&mut self, mean: f64) -> usize;
}

impl Draw for ChaCha8Rng {
    fn chance(&mut self, share: f64) -> bool {
        self.random::<f64>() < share
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.random::<f64>()
    }

    fn standard_normal(&mut self) -> f64 {
        StandardNormal.sample(self)
    }

    fn about(&mut self, mean: f64, deviation: f64) -> f64 {
        mean + deviation * self.standard_normal().clamp(-2.5, 2.5)
    }

    fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut left = self.random::<f64>() * weights.iter().sum::<f64>();
        for (index, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return index;
            }
        }
        weights.len() - 1
    }

    fn count(&mut self, mean: f64) -> usize {
        // Knuth's product method: means here are below 30.
        let least = (-mean).exp();
        let mut product = self.random::<f64>();
        let mut events = 0;
        while product > least {
            product *= self.random::<f64>();
            events += 1;
        }
        events
    }
}

/// `value` with `decimals` decimals, so that files stay small and equal on every machine.
pub(crate) fn rounded(value: f64, decimals: i32) -> f64 {
    let scale = 10_f64.powi(decimals);
    // Adding 0 turns a negative zero into a plain one.
    (value * scale).round() / scale + 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn poisson_counts_have_their_mean() {
        let mut stream = Streams { seed: 1 }.lasting(Topic::Household, 0);
        let total: usize = (0..4000).map(|_| stream.count(3.0)).sum();
        let mean = total as f64 / 4000.0;
        assert!((2.9..3.1).contains(&mean), "{mean}");
    }

    #[test]
    fn streams_of_different_things_differ_and_of_the_same_agree() {
        let streams = Streams { seed: 1 };
        let first = |number| streams.lasting(Topic::Devices, number).between(0.0, 1.0);
        assert!((first(3) - first(3)).abs() < 1e-15);
        assert!((first(3) - first(4)).abs() > 1e-9);
    }
}
