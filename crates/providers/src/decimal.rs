//! Prices, energies and money in integers, so that sums are exact and equal series are equal bytes.

use std::fmt;
use std::iter::Sum;

/// A price in 1e-5 ct/kWh.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Price(pub i64);

/// An energy in 1e-6 kWh.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Energy(pub i64);

/// An amount of money in 1e-5 ct; what is to be paid is positive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Money(pub i64);

impl Price {
    /// The nearest 1e-5 ct/kWh to a number in ct/kWh; none beyond 100,000 ct/kWh, which no price is.
    pub fn from_ct_per_kwh(number: f64) -> Option<Self> {
        scaled(number, 1e5, 1e5).map(Self)
    }

    /// The same of a market price in EUR/MWh.
    pub fn from_eur_per_mwh(number: f64) -> Option<Self> {
        scaled(number, 1e4, 1e6).map(Self)
    }

    /// In ct/kWh.
    pub fn ct_per_kwh(self) -> f64 {
        self.0 as f64 / 1e5
    }

    /// In EUR/MWh.
    pub fn eur_per_mwh(self) -> f64 {
        self.0 as f64 / 1e4
    }
}

impl Energy {
    /// The nearest 1e-6 kWh to a number in kWh; none beyond a billion kWh.
    pub fn from_kwh(number: f64) -> Option<Self> {
        scaled(number, 1e6, 1e9).map(Self)
    }

    /// In kWh.
    pub fn kwh(self) -> f64 {
        self.0 as f64 / 1e6
    }

    /// What it costs, in 1e-11 ct: exact, to be summed before it is rounded by [`Money::from_exact`].
    pub fn cost_exact(self, price: Price) -> i128 {
        i128::from(self.0) * i128::from(price.0)
    }
}

impl Money {
    /// The nearest 1e-5 ct to a number in EUR; none beyond 10 million EUR.
    pub fn from_eur(number: f64) -> Option<Self> {
        scaled(number, 1e7, 1e7).map(Self)
    }

    /// The nearest 1e-5 ct to a sum of [`Energy::cost_exact`]; halves away from zero.
    pub fn from_exact(sum: i128) -> Self {
        let half = if sum < 0 { -500_000 } else { 500_000 };
        Self(i64::try_from((sum + half) / 1_000_000).unwrap_or(if sum < 0 { i64::MIN } else { i64::MAX }))
    }

    /// In EUR.
    pub fn eur(self) -> f64 {
        self.0 as f64 / 1e7
    }

    /// In ct.
    pub fn ct(self) -> f64 {
        self.0 as f64 / 1e5
    }
}

impl Sum for Energy {
    fn sum<I: Iterator<Item = Self>>(each: I) -> Self {
        Self(each.map(|one| one.0).sum())
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(each: I) -> Self {
        Self(each.map(|one| one.0).sum())
    }
}

impl fmt::Display for Price {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} ct/kWh", self.ct_per_kwh())
    }
}

/// The nearest whole number of units, for a number within the limit.
fn scaled(number: f64, units: f64, limit: f64) -> Option<i64> {
    // The limits keep the product far within both i64 and the whole numbers of f64.
    #[expect(clippy::cast_possible_truncation)]
    (number.abs() <= limit).then(|| (number * units).round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn decimals_of_five_places_are_exact(units in -10_000_000_000_i64..10_000_000_000) {
            let text = format!("{}{}.{:05}", if units < 0 { "-" } else { "" }, units.abs() / 100_000, units.abs() % 100_000);
            prop_assert_eq!(Price::from_ct_per_kwh(text.parse().unwrap()), Some(Price(units)));
        }

        #[test]
        fn rounding_an_exact_cost_is_off_by_half_a_unit_at_most(energy in 0..1_000_000_000_i64, price in -10_000_000..10_000_000_i64) {
            let exact = Energy(energy).cost_exact(Price(price));
            let off = i128::from(Money::from_exact(exact).0) * 1_000_000 - exact;
            prop_assert!(off.abs() <= 500_000);
        }
    }

    #[test]
    fn what_is_no_price_is_none() {
        for number in [f64::NAN, f64::INFINITY, 1e6, -1e6] {
            assert_eq!(Price::from_ct_per_kwh(number), None);
        }
        assert_eq!(Price::from_eur_per_mwh(-500.01), Some(Price(-5_000_100)));
    }
}
