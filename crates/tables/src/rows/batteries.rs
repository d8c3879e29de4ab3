//! The table `batteries`.

use offpeak_domain::{Battery, CentsPerKilowattHour, DEFAULT_SHORTFALL_PRICE, KilowattHours, Kilowatts};

use super::{EFFICIENCY, KW, PENALTY};
use crate::cells::Row;
use crate::error::{At, TableError};
use crate::schema::Schema;

/// One row per battery.
pub(crate) const BATTERIES: Schema = Schema {
    name: "batteries",
    required: &[
        "home_id",
        "battery_id",
        "max_stored_kwh",
        "initial_stored_kwh",
        "max_charge_kw",
        "max_discharge_kw",
        "charge_efficiency",
        "discharge_efficiency",
    ],
    optional: &[
        "min_stored_kwh",
        "min_charge_kw",
        "min_discharge_kw",
        "self_discharge_per_hour",
        "wear_ct_per_kwh",
        "end_floor_kwh",
        "end_value_ct_per_kwh",
        "end_shortfall_price_ct_per_kwh",
        "grid_charging",
        "grid_export",
    ],
};

/// A battery, complete but for its powers per interval.
#[derive(Debug, Clone)]
pub(crate) struct BatteryRow {
    pub(crate) at: At,
    pub(crate) battery: Battery,
    pub(crate) max_charge: Kilowatts,
    pub(crate) max_discharge: Kilowatts,
}

impl BatteryRow {
    pub(crate) fn read(row: &Row<'_>) -> Result<Self, TableError> {
        let max_stored = row.number("max_stored_kwh", super::KWH)?;
        let stored = 0.0..=max_stored;
        let initial = row.number("initial_stored_kwh", stored.clone())?;
        let max_charge = row.number("max_charge_kw", KW)?;
        let max_discharge = row.number("max_discharge_kw", KW)?;
        let shortfall = "end_shortfall_price_ct_per_kwh";
        let shortfall = row.number_or(shortfall, DEFAULT_SHORTFALL_PRICE.0, PENALTY)?;
        let battery = Battery {
            id: row.text("battery_id")?.into_owned(),
            min_stored: KilowattHours(row.number_or("min_stored_kwh", 0.0, stored.clone())?),
            max_stored: KilowattHours(max_stored),
            initial_stored: KilowattHours(initial),
            min_charge: Kilowatts(row.number_or("min_charge_kw", 0.0, 0.0..=max_charge)?),
            max_charge: Vec::new(),
            min_discharge: Kilowatts(row.number_or("min_discharge_kw", 0.0, 0.0..=max_discharge)?),
            max_discharge: Vec::new(),
            charge_efficiency: row.number("charge_efficiency", EFFICIENCY)?,
            discharge_efficiency: row.number("discharge_efficiency", EFFICIENCY)?,
            self_discharge_per_hour: row.number_or("self_discharge_per_hour", 0.0, 0.0..=1.0)?,
            wear: CentsPerKilowattHour(row.number_or("wear_ct_per_kwh", 0.0, 0.0..=1e5)?),
            end_floor: KilowattHours(row.number_or("end_floor_kwh", initial, stored)?),
            end_value: CentsPerKilowattHour(row.number_or("end_value_ct_per_kwh", 0.0, 0.0..=shortfall)?),
            end_shortfall_price: CentsPerKilowattHour(shortfall),
            grid_charging: row.boolean_or("grid_charging", true)?,
            grid_export: row.boolean_or("grid_export", true)?,
        };
        let (max_charge, max_discharge) = (Kilowatts(max_charge), Kilowatts(max_discharge));
        Ok(Self { at: row.at(), battery, max_charge, max_discharge })
    }
}
