//! A stationary battery.

use crate::error::{InvalidInput, each_in_range, in_range};
use crate::units::{CentsPerKilowattHour, Hours, KilowattHours, Kilowatts};

/// What a kWh missing at an end floor, or at a departure, costs by default.
pub const DEFAULT_SHORTFALL_PRICE: CentsPerKilowattHour = CentsPerKilowattHour(500.0);

/// A battery over a horizon.
///
/// `stored[t+1] = stored[t] (1 - self_discharge h) + charge_efficiency charge[t] h - discharge[t] h / discharge_efficiency`
#[derive(Debug, Clone, PartialEq)]
pub struct Battery {
    /// Unique among the devices of its home.
    pub id: String,
    /// Stored energy never falls below this by a plan's doing.
    pub min_stored: KilowattHours,
    /// Stored energy never rises above this.
    pub max_stored: KilowattHours,
    /// Stored energy at the first edge.
    pub initial_stored: KilowattHours,
    /// Least power while charging.
    pub min_charge: Kilowatts,
    /// Most power while charging, per interval.
    pub max_charge: Vec<Kilowatts>,
    /// Least power while discharging.
    pub min_discharge: Kilowatts,
    /// Most power while discharging, per interval, at the home's side.
    pub max_discharge: Vec<Kilowatts>,
    /// Share of the charged energy that is stored, in (0, 1].
    pub charge_efficiency: f64,
    /// Share of the taken energy that arrives in the home, in (0, 1].
    pub discharge_efficiency: f64,
    /// Share of the stored energy lost in an hour.
    pub self_discharge_per_hour: f64,
    /// Wear per kWh discharged.
    pub wear: CentsPerKilowattHour,
    /// Stored energy wished for at the last edge; what is missing costs `end_shortfall_price`.
    pub end_floor: KilowattHours,
    /// What a kWh above the floor at the last edge is worth.
    pub end_value: CentsPerKilowattHour,
    /// What a kWh below the floor at the last edge costs.
    pub end_shortfall_price: CentsPerKilowattHour,
    /// Whether it may charge while the home imports.
    pub grid_charging: bool,
    /// Whether it may discharge while the home exports.
    pub grid_export: bool,
}

impl Battery {
    /// The least stored energy at every edge: the minimum, or less where self-discharge alone leads below it.
    pub fn stored_floor(&self, lengths: impl Iterator<Item = Hours>) -> Vec<KilowattHours> {
        let mut idle = self.initial_stored;
        let mut floor = vec![idle.min(self.min_stored)];
        for length in lengths {
            idle = idle * self.retention(length);
            floor.push(idle.min(self.min_stored));
        }
        floor
    }

    /// The share of stored energy left after `length`.
    pub fn retention(&self, length: Hours) -> f64 {
        1.0 - self.self_discharge_per_hour * length.0
    }

    pub(crate) fn check(&self, intervals: usize, longest: Hours) -> Result<(), InvalidInput> {
        in_range("max_stored_kwh", self.max_stored.0, 0.0, 1e6)?;
        in_range("min_stored_kwh", self.min_stored.0, 0.0, self.max_stored.0)?;
        in_range("initial_stored_kwh", self.initial_stored.0, 0.0, self.max_stored.0)?;
        in_range("end_floor_kwh", self.end_floor.0, 0.0, self.max_stored.0)?;
        let power = |field: &str, values: &[Kilowatts]| {
            each_in_range(field, values.iter().map(|value| value.0), intervals, 0.0, 1e6)
        };
        power("max_charge_kw", &self.max_charge)?;
        power("max_discharge_kw", &self.max_discharge)?;
        in_range("min_charge_kw", self.min_charge.0, 0.0, 1e6)?;
        in_range("min_discharge_kw", self.min_discharge.0, 0.0, 1e6)?;
        in_range("charge_efficiency", self.charge_efficiency, 0.01, 1.0)?;
        in_range("discharge_efficiency", self.discharge_efficiency, 0.01, 1.0)?;
        in_range("self_discharge_per_hour", self.self_discharge_per_hour, 0.0, 1.0 / longest.0)?;
        in_range("wear_ct_per_kwh", self.wear.0, 0.0, 1e5)?;
        in_range("end_shortfall_price_ct_per_kwh", self.end_shortfall_price.0, 0.0, 1e6)?;
        in_range("end_value_ct_per_kwh", self.end_value.0, 0.0, self.end_shortfall_price.0)
    }
}
