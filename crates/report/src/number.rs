//! Numbers as they stand in a page.

/// Four decimals, and never a negative zero: a page holds thousands of numbers.
pub(crate) fn tidy(value: f64) -> f64 {
    (value * 1e4).round() / 1e4 + 0.0
}

/// Each of them in four decimals.
pub(crate) fn tidy_all(values: impl IntoIterator<Item = f64>) -> Vec<f64> {
    values.into_iter().map(tidy).collect()
}

/// The mean of `values`, weighted; none where all weights are 0.
pub(crate) fn weighted_mean(pairs: impl Iterator<Item = (f64, f64)>) -> Option<f64> {
    let (sum, weight) =
        pairs.fold((0.0, 0.0), |(sum, all), (value, weight)| (sum + value * weight, all + weight));
    (weight > 0.0).then(|| sum / weight)
}
