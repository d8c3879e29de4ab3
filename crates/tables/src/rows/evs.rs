//! The table `evs`.

use offpeak_domain::{
    CentsPerKilowattHour, DEFAULT_SHORTFALL_PRICE, Ev, EvDischarge, KilowattHours, Kilowatts, PowerRange,
};

use super::{EFFICIENCY, KW, KWH, PENALTY};
use crate::cells::Row;
use crate::error::{At, TableError};
use crate::schema::Schema;

/// One row per electric vehicle.
pub(crate) const EVS: Schema = Schema {
    name: "evs",
    required: &["home_id", "ev_id", "capacity_kwh", "initial_energy_kwh"],
    optional: &[
        "charge_efficiency",
        "one_phase_min_kw",
        "one_phase_max_kw",
        "three_phase_min_kw",
        "three_phase_max_kw",
        "discharge_min_kw",
        "discharge_max_kw",
        "discharge_efficiency",
        "discharge_wear_ct_per_kwh",
        "reserve_kwh",
        "grid_export",
        "shortfall_price_ct_per_kwh",
        "min_energy_now_kwh",
        "end_value_ct_per_kwh",
    ],
};

/// An EV, complete but for what follows from sessions and prices.
#[derive(Debug, Clone)]
pub(crate) struct EvRow {
    pub(crate) at: At,
    /// Without sessions, urgency and end value.
    pub(crate) ev: Ev,
    pub(crate) min_energy_now: Option<KilowattHours>,
    pub(crate) end_value: Option<CentsPerKilowattHour>,
}

impl EvRow {
    pub(crate) fn read(row: &Row<'_>) -> Result<Self, TableError> {
        let capacity = row.number("capacity_kwh", KWH)?;
        let within = 0.0..=capacity;
        let shortfall = "shortfall_price_ct_per_kwh";
        let shortfall = row.number_or(shortfall, DEFAULT_SHORTFALL_PRICE.0, PENALTY)?;
        let ev = Ev {
            id: row.text("ev_id")?.into_owned(),
            capacity: KilowattHours(capacity),
            initial_energy: KilowattHours(row.number("initial_energy_kwh", within.clone())?),
            charge_efficiency: row.number_or("charge_efficiency", 0.9, EFFICIENCY)?,
            modes: modes(row)?,
            discharge: discharge(row, capacity)?,
            sessions: Vec::new(),
            shortfall_price: CentsPerKilowattHour(shortfall),
            urgent: None,
            end: None,
        };
        let end_value = row.optional_number("end_value_ct_per_kwh", 0.0..=1e5)?;
        Ok(Self {
            at: row.at(),
            ev,
            min_energy_now: row.optional_number("min_energy_now_kwh", within)?.map(KilowattHours),
            end_value: end_value.map(CentsPerKilowattHour),
        })
    }
}

fn modes(row: &Row<'_>) -> Result<Vec<PowerRange>, TableError> {
    let one_phase = power_range(row, "one_phase_min_kw", "one_phase_max_kw")?;
    let three_phases = power_range(row, "three_phase_min_kw", "three_phase_max_kw")?;
    let modes: Vec<PowerRange> = one_phase.into_iter().chain(three_phases).collect();
    if modes.is_empty() {
        let allowed = "must be given, or the three-phase powers, or both";
        return Err(row.refuse("one_phase_max_kw", allowed));
    }
    Ok(modes)
}

/// Two columns that are there together or not at all.
fn power_range(row: &Row<'_>, min: &str, max: &str) -> Result<Option<PowerRange>, TableError> {
    match (row.has(min), row.has(max)) {
        (false, false) => Ok(None),
        (true, false) => Err(row.refuse(max, format!("must be given where {min} is"))),
        (false, true) => Err(row.refuse(min, format!("must be given where {max} is"))),
        (true, true) => {
            let least = row.number(min, KW)?;
            let most = row.number(max, least..=1e6)?;
            Ok(Some(PowerRange { min: Kilowatts(least), max: Kilowatts(most) }))
        }
    }
}

fn discharge(row: &Row<'_>, capacity: f64) -> Result<Option<EvDischarge>, TableError> {
    let Some(power) = power_range(row, "discharge_min_kw", "discharge_max_kw")? else {
        // An efficiency says that the car was meant to discharge, and that its powers were forgotten.
        if row.has("discharge_efficiency") {
            let allowed = "must be missing where discharge_min_kw and discharge_max_kw are";
            return Err(row.refuse("discharge_efficiency", allowed));
        }
        return Ok(None);
    };
    Ok(Some(EvDischarge {
        power,
        efficiency: row.number("discharge_efficiency", EFFICIENCY)?,
        wear: CentsPerKilowattHour(row.number_or("discharge_wear_ct_per_kwh", 0.0, 0.0..=1e5)?),
        reserve: KilowattHours(row.number_or("reserve_kwh", 0.0, 0.0..=capacity)?),
        grid_export: row.boolean_or("grid_export", false)?,
    }))
}
