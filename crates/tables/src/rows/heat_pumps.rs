//! The table `heat_pumps`.

use offpeak_domain::{
    Building, Celsius, Cents, CentsPerKelvinHour, KelvinsPerKilowatt, KilowattHours, KilowattHoursPerKelvin,
    Kilowatts,
};

use super::{CELSIUS, KW, KWH, PENALTY};
use crate::cells::{ANY, Row};
use crate::error::{At, TableError};
use crate::schema::Schema;

/// One row per heat pump.
pub(crate) const HEAT_PUMPS: Schema = Schema {
    name: "heat_pumps",
    required: &["home_id", "heat_pump_id", "max_power_kw", "min_power_share"],
    optional: &[
        "source",
        "ground_c",
        "rooms_flow_c",
        "water_flow_c",
        "cop_c0",
        "cop_c1",
        "cop_c2",
        "cop_p1",
        "cop_p2",
        "cop_p3",
        "cop_p4",
        "power_ref_kw",
        "power_p1",
        "power_p2",
        "power_p3",
        "power_p4",
        "min_run_minutes",
        "min_pause_minutes",
        "running_before",
        "minutes_in_state",
        "start_cost_ct",
        "most_starts_per_day",
        "resistance_k_per_kw",
        "capacitance_kwh_per_k",
        "initial_room_c",
        "comfort_lowest_c",
        "comfort_highest_c",
        "night_lowest_c",
        "night_from",
        "night_to",
        "discomfort_price_ct_per_k_h",
        "backup_max_kw",
        "end_floor_c",
        "end_value_ct_per_k",
        "end_shortfall_price_ct_per_k",
        "tank_highest_kwh",
        "tank_initial_kwh",
        "tank_lowest_kwh",
        "tank_loss_per_hour",
        "water_discomfort_price_ct_per_kwh_h",
        "immersion_max_kw",
        "tank_end_floor_kwh",
        "tank_end_value_ct_per_kwh",
        "tank_end_shortfall_price_ct_per_kwh",
    ],
};

/// A heat pump, on no horizon yet.
#[derive(Debug, Clone)]
pub(crate) struct HeatPumpRow {
    pub(crate) at: At,
    pub(crate) id: String,
    pub(crate) source: Source,
    pub(crate) cop: Cop,
    /// Most electric power in any weather.
    pub(crate) max_power: Kilowatts,
    /// Most electric power by temperatures, if it depends on them.
    pub(crate) power_form: Option<PowerForm>,
    /// Least electric power as a share of the most.
    pub(crate) min_power_share: f64,
    pub(crate) min_run_minutes: u32,
    pub(crate) min_pause_minutes: u32,
    pub(crate) running_before: bool,
    pub(crate) minutes_in_state: u32,
    pub(crate) start_cost: Cents,
    pub(crate) most_starts_per_day: Option<u32>,
    pub(crate) rooms: Option<RoomsRow>,
    pub(crate) tank: Option<TankRow>,
}

/// Where a heat pump takes its heat from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Source {
    /// The outdoor air.
    Air,
    /// The ground, at this temperature.
    Ground(Celsius),
}

/// How the COP follows from temperatures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Cop {
    /// `c0 + c1 dT + c2 dT²`, `dT` from the source to the flow.
    Quadratic([f64; 3]),
    /// `p1 source + p2 flow + p3 + p4 outdoor`.
    Linear([f64; 4]),
}

/// Most electric power: `reference (p1 source + p2 flow + p3 + p4 outdoor)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct PowerForm {
    pub(crate) reference: Kilowatts,
    pub(crate) factors: [f64; 4],
}

/// The rooms a heat pump heats.
#[derive(Debug, Clone)]
pub(crate) struct RoomsRow {
    pub(crate) flow: Celsius,
    pub(crate) building: Building,
    pub(crate) initial: Celsius,
    pub(crate) lowest: Celsius,
    pub(crate) highest: Celsius,
    pub(crate) night: Option<Night>,
    pub(crate) discomfort_price: CentsPerKelvinHour,
    pub(crate) backup_max: Kilowatts,
    pub(crate) end_floor: Option<Celsius>,
    pub(crate) end_value_ct_per_k: f64,
    pub(crate) end_shortfall_price_ct_per_k: f64,
}

/// Hours with another least temperature.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Night {
    pub(crate) lowest: Celsius,
    /// Minutes after local midnight.
    pub(crate) from: u32,
    pub(crate) to: u32,
}

/// The hot-water tank a heat pump heats.
#[derive(Debug, Clone)]
pub(crate) struct TankRow {
    pub(crate) flow: Celsius,
    pub(crate) highest: KilowattHours,
    pub(crate) lowest: KilowattHours,
    pub(crate) initial: KilowattHours,
    pub(crate) loss_per_hour: f64,
    pub(crate) discomfort_price_ct_per_kwh_h: f64,
    pub(crate) heater_max: Kilowatts,
    pub(crate) end_floor: KilowattHours,
    pub(crate) end_value_ct_per_kwh: f64,
    pub(crate) end_shortfall_price_ct_per_kwh: f64,
}

/// Staffell et al. (2012), doi 10.1039/C2EE22653G: air source.
const STAFFELL_AIR: [f64; 3] = [6.81, -0.121, 0.000_630];

/// The same for the ground.
const STAFFELL_GROUND: [f64; 3] = [8.77, -0.150, 0.000_734];

const QUADRATIC: [&str; 3] = ["cop_c0", "cop_c1", "cop_c2"];
const LINEAR: [&str; 4] = ["cop_p1", "cop_p2", "cop_p3", "cop_p4"];
const POWER: [&str; 5] = ["power_ref_kw", "power_p1", "power_p2", "power_p3", "power_p4"];
const ROOMS: [&str; 3] = ["resistance_k_per_kw", "capacitance_kwh_per_k", "initial_room_c"];
const TANK: [&str; 2] = ["tank_highest_kwh", "tank_initial_kwh"];

impl HeatPumpRow {
    pub(crate) fn read(row: &Row<'_>) -> Result<Self, TableError> {
        let ground = Source::Ground(Celsius(row.number_or("ground_c", 10.0, CELSIUS)?));
        let source = row.word_or("source", Source::Air, &[("air", Source::Air), ("ground", ground)])?;
        let rooms = rooms(row)?;
        let tank = tank(row)?;
        if rooms.is_none() && tank.is_none() {
            let allowed =
                "must be given for a pump that heats rooms, and tank_highest_kwh for one that heats water";
            return Err(row.refuse("resistance_k_per_kw", allowed));
        }
        Ok(Self {
            at: row.at(),
            id: row.text("heat_pump_id")?.into_owned(),
            source,
            cop: cop(row, source)?,
            max_power: Kilowatts(row.number("max_power_kw", 0.001..=1e6)?),
            power_form: power_form(row)?,
            min_power_share: row.number("min_power_share", 0.01..=1.0)?,
            min_run_minutes: row.count_or("min_run_minutes", 0)?,
            min_pause_minutes: row.count_or("min_pause_minutes", 0)?,
            running_before: row.boolean_or("running_before", false)?,
            minutes_in_state: row.count_or("minutes_in_state", 1440)?,
            start_cost: Cents(row.number_or("start_cost_ct", 0.0, PENALTY)?),
            most_starts_per_day: row.optional_count("most_starts_per_day")?,
            rooms,
            tank,
        })
    }
}

/// Whether columns are given that go together: all of them or none.
fn together(row: &Row<'_>, columns: &[&str]) -> Result<bool, TableError> {
    let Some(given) = columns.iter().find(|column| row.has(column)) else { return Ok(false) };
    match columns.iter().find(|column| !row.has(column)) {
        Some(missing) => Err(row.refuse(missing, format!("must be given where {given} is"))),
        None => Ok(true),
    }
}

fn numbers<const N: usize>(row: &Row<'_>, columns: [&str; N]) -> Result<[f64; N], TableError> {
    let mut numbers = [0.0; N];
    for (number, column) in numbers.iter_mut().zip(columns) {
        *number = row.number(column, ANY)?;
    }
    Ok(numbers)
}

fn cop(row: &Row<'_>, source: Source) -> Result<Cop, TableError> {
    if together(row, &LINEAR)? {
        return Ok(Cop::Linear(numbers(row, LINEAR)?));
    }
    if together(row, &QUADRATIC)? {
        return Ok(Cop::Quadratic(numbers(row, QUADRATIC)?));
    }
    Ok(Cop::Quadratic(match source {
        Source::Air => STAFFELL_AIR,
        Source::Ground(_) => STAFFELL_GROUND,
    }))
}

fn power_form(row: &Row<'_>) -> Result<Option<PowerForm>, TableError> {
    if !together(row, &POWER)? {
        return Ok(None);
    }
    let [reference, factors @ ..] = numbers(row, POWER)?;
    Ok(Some(PowerForm { reference: Kilowatts(reference), factors }))
}

fn rooms(row: &Row<'_>) -> Result<Option<RoomsRow>, TableError> {
    if !together(row, &ROOMS)? {
        return Ok(None);
    }
    let lowest = row.number_or("comfort_lowest_c", 20.0, CELSIUS)?;
    let highest = row.number_or("comfort_highest_c", lowest.max(23.0), lowest..=100.0)?;
    let shortfall = row.number_or("end_shortfall_price_ct_per_k", 500.0, PENALTY)?;
    let discomfort = row.number_or("discomfort_price_ct_per_k_h", 100.0, PENALTY)?;
    Ok(Some(RoomsRow {
        flow: Celsius(row.number_or("rooms_flow_c", 35.0, CELSIUS)?),
        building: Building::OneMass {
            resistance: KelvinsPerKilowatt(row.number("resistance_k_per_kw", 1e-3..=1e6)?),
            capacitance: KilowattHoursPerKelvin(row.number("capacitance_kwh_per_k", 1e-3..=1e6)?),
        },
        initial: Celsius(row.number("initial_room_c", CELSIUS)?),
        lowest: Celsius(lowest),
        highest: Celsius(highest),
        night: night(row, highest)?,
        discomfort_price: CentsPerKelvinHour(discomfort),
        backup_max: Kilowatts(row.number_or("backup_max_kw", 0.0, KW)?),
        end_floor: row.optional_number("end_floor_c", CELSIUS)?.map(Celsius),
        end_value_ct_per_k: row.number_or("end_value_ct_per_k", 0.0, 0.0..=shortfall)?,
        end_shortfall_price_ct_per_k: shortfall,
    }))
}

fn night(row: &Row<'_>, highest: f64) -> Result<Option<Night>, TableError> {
    let from = row.minute_of_day_or("night_from", 22 * 60)?;
    let to = row.minute_of_day_or("night_to", 6 * 60)?;
    let lowest = row.optional_number("night_lowest_c", -100.0..=highest)?;
    Ok(lowest.map(|lowest| Night { lowest: Celsius(lowest), from, to }))
}

fn tank(row: &Row<'_>) -> Result<Option<TankRow>, TableError> {
    if !together(row, &TANK)? {
        return Ok(None);
    }
    let highest = row.number("tank_highest_kwh", KWH)?;
    // Below 0 the tank is colder than useful, above the highest it is hotter than wished: both may be so.
    let initial = row.number("tank_initial_kwh", -1e6..=1e6)?;
    let shortfall = row.number_or("tank_end_shortfall_price_ct_per_kwh", 500.0, PENALTY)?;
    Ok(Some(TankRow {
        flow: Celsius(row.number_or("water_flow_c", 55.0, CELSIUS)?),
        highest: KilowattHours(highest),
        lowest: KilowattHours(row.number_or("tank_lowest_kwh", 0.0, 0.0..=highest)?),
        initial: KilowattHours(initial),
        loss_per_hour: row.number_or("tank_loss_per_hour", 0.0, 0.0..=1.0)?,
        discomfort_price_ct_per_kwh_h: row.number_or(
            "water_discomfort_price_ct_per_kwh_h",
            100.0,
            PENALTY,
        )?,
        heater_max: Kilowatts(row.number_or("immersion_max_kw", 0.0, KW)?),
        end_floor: KilowattHours(row.number_or("tank_end_floor_kwh", initial, -1e6..=1e6)?),
        end_value_ct_per_kwh: row.number_or("tank_end_value_ct_per_kwh", 0.0, 0.0..=shortfall)?,
        end_shortfall_price_ct_per_kwh: shortfall,
    }))
}
