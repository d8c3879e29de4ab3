//! How values spread, in bins of a round width.

use serde::Serialize;

use crate::number::tidy;

/// About how many bins a histogram has.
const BINS: f64 = 24.0;

/// How many values lie in each bin.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Histogram {
    /// What the values are, with their unit.
    pub label: &'static str,
    /// The lower end of the first bin.
    pub from: f64,
    /// The width of every bin.
    pub width: f64,
    /// Values from a bin's lower end up to, but not at, its upper end.
    pub counts: Vec<usize>,
}

impl Histogram {
    /// The spread of `values`, all finite; none of no values.
    pub(crate) fn of(label: &'static str, values: &[f64]) -> Option<Self> {
        let lowest = values.iter().copied().reduce(f64::min)?;
        let highest = values.iter().copied().reduce(f64::max)?;
        let width = round_width((highest - lowest) / BINS);
        let from = (lowest / width).floor() * width;
        let mut counts = Vec::new();
        for value in values {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "at least 0, about 24 at most"
            )]
            let bin = ((value - from) / width).floor().max(0.0) as usize;
            if counts.len() <= bin {
                counts.resize(bin + 1, 0);
            }
            counts[bin] += 1;
        }
        Some(Self { label, from: tidy(from), width: tidy(width), counts })
    }
}

/// The next of 1, 2, 5, 10, ... (and their tenths down to a thousandth) that is no less than `width`.
fn round_width(width: f64) -> f64 {
    let power = 10_f64.powf(width.max(1e-3).log10().floor());
    [1.0, 2.0, 5.0, 10.0]
        .map(|step| step * power)
        .into_iter()
        .find(|step| *step >= width)
        .unwrap_or(power * 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_lies_in_one_bin() {
        let values: Vec<f64> = (0..1000).map(|n| f64::from(n) * 0.37 - 100.0).collect();
        let histogram = Histogram::of("x", &values).unwrap();
        assert_eq!(histogram.counts.iter().sum::<usize>(), values.len());
        for (bin, count) in histogram.counts.iter().enumerate() {
            let low = histogram.from + bin as f64 * histogram.width;
            let inside =
                values.iter().filter(|value| **value >= low && **value < low + histogram.width).count();
            assert_eq!(*count, inside, "bin {bin}");
        }
    }

    #[test]
    fn equal_values_make_one_bin() {
        assert_eq!(Histogram::of("x", &[3.0, 3.0]).unwrap().counts, [2]);
        assert_eq!(Histogram::of("x", &[]), None);
    }
}
