//! A leaf as its parts see it: the home, the multipliers, and what is fixed.

use offpeak_domain::{Home, Multipliers, Pivot};

use crate::fixings::Fixings;

/// One leaf of one home.
pub(crate) struct Problem<'a> {
    pub(crate) home: &'a Home,
    pub(crate) multipliers: &'a Multipliers,
    pub(crate) fixings: &'a Fixings,
    /// Length of every interval in h.
    pub(crate) hours: Vec<f64>,
    /// The multipliers of every peak charge in ct/kW, in sum no more than its price.
    pub(crate) peaks: Vec<Vec<f64>>,
}

impl<'a> Problem<'a> {
    pub(crate) fn new(home: &'a Home, multipliers: &'a Multipliers, fixings: &'a Fixings) -> Self {
        let charges = home.grid.peak_charges.iter().zip(&multipliers.peaks);
        let peaks = charges.map(|(charge, values)| {
            let sum: f64 = values.iter().sum();
            // What rounding has put above the price is taken back, so that the bound is valid all the same.
            let share = if sum > charge.price.0 { charge.price.0 / sum } else { 1.0 };
            values.iter().map(|value| value * share).collect()
        });
        let hours = home.horizon.lengths().map(|length| length.0).collect();
        Self { home, multipliers, fixings, hours, peaks: peaks.collect() }
    }

    pub(crate) fn intervals(&self) -> usize {
        self.hours.len()
    }

    pub(crate) fn is_pivot(&self, pivot: Pivot) -> bool {
        self.multipliers.pivot == Some(pivot)
    }
}

/// The price in interval `t` in ct/kW; 0 where a port has none.
pub(crate) fn price(prices: &[f64], t: usize) -> f64 {
    prices.get(t).copied().unwrap_or(0.0)
}
