//! The grid connection: what flows there anyway, what it costs, and what the meter and fuse allow.

use std::ops::Range;

use crate::error::{InvalidInput, each_in_range, in_range};
use crate::units::{CentsPerGram, CentsPerKilowatt, CentsPerKilowattHour, GramsPerKilowattHour, Kilowatts};

/// What an overshoot of a grid limit costs by default, far above any energy price.
pub const DEFAULT_OVERSHOOT_PRICE: CentsPerKilowattHour = CentsPerKilowattHour(1000.0);

/// The grid connection of a home over a horizon; every vector has one value per interval.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    /// Inflexible consumption, at least 0.
    pub load: Vec<Kilowatts>,
    /// Photovoltaic generation before curtailment, at least 0.
    pub pv: Vec<Kilowatts>,
    /// Whether the home can throw away generation.
    pub can_curtail: bool,
    /// All-in price of a kWh taken from the grid; may be negative.
    pub import_price: Vec<CentsPerKilowattHour>,
    /// Pay for a kWh fed in; may be negative.
    pub export_price: Vec<CentsPerKilowattHour>,
    /// Most power taken from the grid: the fuse, or less while the grid operator dims.
    pub import_limit: Vec<Kilowatts>,
    /// Most power fed in.
    pub export_limit: Vec<Kilowatts>,
    /// Penalty for what load and generation alone push beyond a limit.
    pub overshoot_price: CentsPerKilowattHour,
    /// Charges on the highest import within a billing window.
    pub peak_charges: Vec<PeakCharge>,
    /// Carbon intensity and what it counts in the objective, if it counts.
    pub co2: Option<Co2>,
}

/// A charge on the highest import within some intervals.
#[derive(Debug, Clone, PartialEq)]
pub struct PeakCharge {
    /// The intervals of the billing window that lie in the horizon.
    pub intervals: Range<usize>,
    /// What each kW above the peak already reached costs.
    pub price: CentsPerKilowatt,
    /// The peak of this window before the horizon, which costs nothing more.
    pub already_reached: Kilowatts,
}

/// Carbon emissions as a part of the objective.
#[derive(Debug, Clone, PartialEq)]
pub struct Co2 {
    /// Emissions per kWh taken from the grid, per interval.
    pub intensity: Vec<GramsPerKilowattHour>,
    /// What a gram counts.
    pub weight: CentsPerGram,
}

impl Grid {
    /// Load minus generation in interval `t`, before devices and curtailment.
    pub fn base(&self, t: usize) -> Kilowatts {
        self.load[t] - self.pv[t]
    }

    /// What a kWh taken in interval `t` adds to the objective: the price and its carbon.
    pub fn import_value(&self, t: usize) -> CentsPerKilowattHour {
        match &self.co2 {
            Some(co2) => self.import_price[t] + co2.intensity[t] * co2.weight,
            None => self.import_price[t],
        }
    }

    /// Whether a plan without a direction binary would earn by importing and exporting at once in `t`.
    pub fn pays_to_circulate(&self, t: usize) -> bool {
        self.import_value(t) < self.export_price[t]
    }

    pub(crate) fn check(&self, intervals: usize) -> Result<(), InvalidInput> {
        let power = |field: &str, values: &[Kilowatts]| {
            each_in_range(field, values.iter().map(|value| value.0), intervals, 0.0, 1e6)
        };
        let price = |field: &str, values: &[CentsPerKilowattHour]| {
            each_in_range(field, values.iter().map(|value| value.0), intervals, -1e5, 1e5)
        };
        power("load_kw", &self.load)?;
        power("pv_kw", &self.pv)?;
        power("import_limit_kw", &self.import_limit)?;
        power("export_limit_kw", &self.export_limit)?;
        price("import_price_ct_per_kwh", &self.import_price)?;
        price("export_price_ct_per_kwh", &self.export_price)?;
        in_range("overshoot_price_ct_per_kwh", self.overshoot_price.0, 0.0, 1e6)?;
        for charge in &self.peak_charges {
            in_range("peak_price_ct_per_kw", charge.price.0, 0.0, 1e6)?;
            in_range("peak_already_reached_kw", charge.already_reached.0, 0.0, 1e6)?;
            if charge.intervals.end > intervals || charge.intervals.is_empty() {
                return Err(InvalidInput::new(
                    "peak charge window",
                    format!("{:?}", charge.intervals),
                    format!("must be some of the intervals 0..{intervals}"),
                ));
            }
        }
        if let Some(co2) = &self.co2 {
            let intensity = co2.intensity.iter().map(|value| value.0);
            each_in_range("co2_g_per_kwh", intensity, intervals, 0.0, 1e5)?;
            in_range("co2_weight_ct_per_g", co2.weight.0, 0.0, 1e5)?;
        }
        Ok(())
    }
}

/// The import limit while the grid operator dims controllable devices to `cap` (§14a EnWG).
///
/// The cap bounds the grid-effective draw of the devices, so the inflexible load comes on top and
/// the home's own generation may feed the devices beyond it; the fuse still holds.
pub fn dimmed_import_limit(load: Kilowatts, pv: Kilowatts, cap: Kilowatts, fuse: Kilowatts) -> Kilowatts {
    ((load - pv).max(Kilowatts::ZERO) + cap).min(fuse)
}
