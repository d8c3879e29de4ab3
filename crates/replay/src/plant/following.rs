//! How a battery follows the meter.

use offpeak_domain::Kilowatts;

/// A battery holds the meter at zero, as far as these limits on its power let it: above 0 it charges, below 0 it discharges.
///
/// Both limits together are a setpoint; one alone lets the battery react to what the meter shows in one direction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Following {
    /// It charges with this at least, or gives no more than that.
    pub least: Kilowatts,
    /// It charges with this at most, or gives that at least.
    pub most: Kilowatts,
}

impl Following {
    /// Whatever the meter asks for.
    pub const FREELY: Self = Self { least: Kilowatts(f64::NEG_INFINITY), most: Kilowatts(f64::INFINITY) };
    /// Nothing, whatever the meter shows.
    pub const IDLE: Self = Self { least: Kilowatts::ZERO, most: Kilowatts::ZERO };

    /// The power nearest to what holds the meter at zero where the home draws `net` without the battery.
    pub(super) fn power(self, net: Kilowatts) -> Kilowatts {
        (-net).min(self.most).max(self.least)
    }
}
