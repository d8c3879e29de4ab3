//! A home battery.

use offpeak_tables::Value;
use rand_chacha::ChaCha8Rng;

use crate::random::{Draw, rounded};

/// Usable kWh and shares: the mean of new home batteries is 9 to 10 kWh (ISEA RWTH Aachen,
/// battery-charts.de; HTW Berlin, Stromspeicher-Inspektion).
const SIZES: [(f64, f64, f64); 4] =
    [(4.5, 7.0, 0.24), (7.0, 10.5, 0.44), (10.5, 13.5, 0.22), (13.5, 20.0, 0.10)];
/// Power per usable energy, in 1/h; the Stromspeicher-Inspektion's systems have 0.4 to 1.
const POWER_PER_ENERGY: (f64, f64) = (0.4, 0.75);
/// One-way efficiency of battery and inverter: 0.94 to 0.975 in the Stromspeicher-Inspektion.
const EFFICIENCY: (f64, f64) = (0.935, 0.975);
/// Wear in ct per kWh discharged: 500 to 700 EUR/kWh over 8000 to 12,000 cycles would be 5 to 8;
/// owners mostly count less, as calendar ageing happens anyway.
const WEAR: [(f64, f64); 4] = [(0.0, 0.25), (1.0, 0.25), (2.5, 0.3), (5.0, 0.2)];

/// A battery at the start of the first day.
#[derive(Debug, Clone)]
pub(crate) struct Battery {
    usable_kwh: f64,
    min_kwh: f64,
    initial_kwh: f64,
    min_kw: f64,
    charge_kw: f64,
    discharge_kw: f64,
    charge_efficiency: f64,
    discharge_efficiency: f64,
    wear: f64,
    end_value: f64,
    grid_charging: bool,
    grid_export: bool,
}

impl Battery {
    pub(crate) fn draw(stream: &mut ChaCha8Rng) -> Self {
        let (low, high, _) = SIZES[stream.weighted(&SIZES.map(|(_, _, share)| share))];
        let usable_kwh = stream.between(low, high);
        let power = usable_kwh * stream.between(POWER_PER_ENERGY.0, POWER_PER_ENERGY.1);
        // A fifth of all owners keep some for a blackout.
        let min_kwh = if stream.chance(0.2) { usable_kwh * stream.between(0.05, 0.2) } else { 0.0 };
        Self {
            usable_kwh,
            min_kwh,
            initial_kwh: min_kwh + (usable_kwh - min_kwh) * stream.between(0.05, 0.7),
            // Inverters that cannot run at a trickle.
            min_kw: if stream.chance(0.2) { stream.between(0.1, 0.4) } else { 0.0 },
            charge_kw: power,
            discharge_kw: power * if stream.chance(0.3) { stream.between(0.8, 1.0) } else { 1.0 },
            charge_efficiency: stream.between(EFFICIENCY.0, EFFICIENCY.1),
            discharge_efficiency: stream.between(EFFICIENCY.0, EFFICIENCY.1),
            wear: WEAR[stream.weighted(&WEAR.map(|(_, share)| share))].0,
            end_value: if stream.chance(0.5) { stream.between(8.0, 20.0) } else { 0.0 },
            grid_charging: stream.chance(0.75),
            grid_export: stream.chance(0.4),
        }
    }

    pub(crate) fn row<'a>(&self, home_id: &'a str) -> Vec<(&'static str, Value<'a>)> {
        let number = |value: f64, decimals| Value::from(rounded(value, decimals));
        vec![
            ("home_id", home_id.into()),
            ("battery_id", "battery".into()),
            ("max_stored_kwh", number(self.usable_kwh, 1)),
            // One decimal down, so that the minimum never passes what is stored.
            ("min_stored_kwh", number((self.min_kwh * 10.0).floor() / 10.0, 1)),
            ("initial_stored_kwh", number(self.initial_kwh, 2)),
            ("min_charge_kw", number(self.min_kw, 1)),
            ("max_charge_kw", number(self.charge_kw, 1)),
            ("min_discharge_kw", number(self.min_kw, 1)),
            ("max_discharge_kw", number(self.discharge_kw, 1)),
            ("charge_efficiency", number(self.charge_efficiency, 3)),
            ("discharge_efficiency", number(self.discharge_efficiency, 3)),
            ("wear_ct_per_kwh", number(self.wear, 1)),
            ("end_value_ct_per_kwh", number(self.end_value, 1)),
            ("grid_charging", self.grid_charging.into()),
            ("grid_export", self.grid_export.into()),
        ]
    }
}
