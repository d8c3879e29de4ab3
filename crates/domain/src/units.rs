//! Physical and monetary quantities, so that a kW is never passed where a kWh belongs.
//!
//! Each is a transparent `f64`; `.0` gives the number for coefficient arithmetic. In files a
//! quantity is a bare number whose column name carries the unit.

use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub, SubAssign};

use serde::{Deserialize, Serialize};

macro_rules! quantity {
    ($(#[$doc:meta])* $name:ident, $unit:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub f64);

        impl $name {
            /// Nothing of this quantity.
            pub const ZERO: Self = Self(0.0);

            /// The smaller of two; neither may be NaN.
            #[must_use]
            pub fn min(self, other: Self) -> Self {
                Self(self.0.min(other.0))
            }

            /// The larger of two; neither may be NaN.
            #[must_use]
            pub fn max(self, other: Self) -> Self {
                Self(self.0.max(other.0))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(out)?;
                out.write_str(concat!(" ", $unit))
            }
        }

        impl Mul<f64> for $name {
            type Output = Self;
            fn mul(self, factor: f64) -> Self {
                Self(self.0 * factor)
            }
        }

        impl Div<f64> for $name {
            type Output = Self;
            fn div(self, divisor: f64) -> Self {
                Self(self.0 / divisor)
            }
        }
    };
}

/// Quantities that can be added to their own kind (all but points on a scale).
macro_rules! additive {
    ($($name:ident),+) => {$(
        impl Add for $name {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                Self(self.0 + other.0)
            }
        }
        impl AddAssign for $name {
            fn add_assign(&mut self, other: Self) {
                self.0 += other.0;
            }
        }
        impl Sub for $name {
            type Output = Self;
            fn sub(self, other: Self) -> Self {
                Self(self.0 - other.0)
            }
        }
        impl SubAssign for $name {
            fn sub_assign(&mut self, other: Self) {
                self.0 -= other.0;
            }
        }
        impl Neg for $name {
            type Output = Self;
            fn neg(self) -> Self {
                Self(-self.0)
            }
        }
        impl Sum for $name {
            fn sum<I: Iterator<Item = Self>>(values: I) -> Self {
                Self(values.map(|value| value.0).sum())
            }
        }
    )+};
}

/// `left * right = product`, in both orders.
macro_rules! product {
    ($left:ident * $right:ident = $product:ident) => {
        impl Mul<$right> for $left {
            type Output = $product;
            fn mul(self, right: $right) -> $product {
                $product(self.0 * right.0)
            }
        }
        impl Mul<$left> for $right {
            type Output = $product;
            fn mul(self, left: $left) -> $product {
                $product(self.0 * left.0)
            }
        }
    };
}

quantity!(/// Power, as the mean over an interval. Into a device is positive.
    Kilowatts, "kW");
quantity!(/// Energy, electric or thermal.
    KilowattHours, "kWh");
quantity!(/// Length of time.
    Hours, "h");
quantity!(/// Price of energy, with all taxes that apply.
    CentsPerKilowattHour, "ct/kWh");
quantity!(/// Price of a peak in power.
    CentsPerKilowatt, "ct/kW");
quantity!(/// Price of a degree for an hour.
    CentsPerKelvinHour, "ct/(K h)");
quantity!(/// Money in euro cents. A cost is positive, an income negative.
    Cents, "ct");
quantity!(/// Temperature, a point on the scale.
    Celsius, "°C");
quantity!(/// Temperature difference.
    Kelvins, "K");
quantity!(/// Thermal resistance of a building: how many kelvins a kilowatt keeps up.
    KelvinsPerKilowatt, "K/kW");
quantity!(/// Thermal capacitance of a building.
    KilowattHoursPerKelvin, "kWh/K");
quantity!(/// Price of energy on the wholesale market.
    EurosPerMegawattHour, "EUR/MWh");
quantity!(/// A share in hundredths.
    Percent, "%");
quantity!(/// Carbon intensity of grid electricity.
    GramsPerKilowattHour, "g/kWh");
quantity!(/// What a gram of CO2 counts in the objective.
    CentsPerGram, "ct/g");

additive!(Kilowatts, KilowattHours, Hours, CentsPerKilowattHour, Cents, Kelvins);
product!(Kilowatts * Hours = KilowattHours);
product!(KilowattHours * CentsPerKilowattHour = Cents);
product!(Kilowatts * CentsPerKilowatt = Cents);
product!(GramsPerKilowattHour * CentsPerGram = CentsPerKilowattHour);

impl Sub for Celsius {
    type Output = Kelvins;
    fn sub(self, other: Self) -> Kelvins {
        Kelvins(self.0 - other.0)
    }
}

impl Add<Kelvins> for Celsius {
    type Output = Self;
    fn add(self, difference: Kelvins) -> Self {
        Self(self.0 + difference.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn power_over_time_at_a_price_is_money() {
        let energy = Kilowatts(4.0) * Hours(0.25);
        assert_eq!(energy, KilowattHours(1.0));
        assert_eq!(energy * CentsPerKilowattHour(30.0), Cents(30.0));
    }

    #[test]
    fn two_temperatures_differ_by_kelvins() {
        assert_eq!(Celsius(21.5) - Celsius(20.0), Kelvins(1.5));
        assert_eq!(Celsius(20.0) + Kelvins(1.5), Celsius(21.5));
    }

    #[test]
    fn a_quantity_prints_its_unit() {
        assert_eq!(format!("{:.2}", Kilowatts(1.0)), "1.00 kW");
    }
}
