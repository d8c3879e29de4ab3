//! A replay interval by interval, for whoever wants to see all of it.

use chrono::{DateTime, Utc};
use offpeak_domain::{HeatPumpPower, Kilowatts, StorePower};
use serde::{Deserialize, Serialize};

use crate::day::Day;

/// One interval of a home, its devices of a kind together. Mean powers in kW, into a device positive; what is stored stands at
/// the end of the interval and is none where there is nothing that stores it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct IntervalRow {
    /// When it starts.
    pub start: DateTime<Utc>,
    /// Import price, in ct/kWh.
    pub import_price: f64,
    /// Pay for a kWh fed in, in ct/kWh.
    pub export_price: f64,
    /// Inflexible load.
    pub load_kw: f64,
    /// Generation before curtailment.
    pub pv_kw: f64,
    /// Generation thrown away.
    pub curtailed_kw: f64,
    /// Power taken from the grid.
    pub import_kw: f64,
    /// Power fed in.
    pub export_kw: f64,
    /// Batteries, charging less discharging.
    pub batteries_kw: f64,
    /// Cars, charging less discharging.
    pub cars_kw: f64,
    /// Compressors and heaters.
    pub heat_pumps_kw: f64,
    /// Appliances.
    pub appliances_kw: f64,
    /// Energy in the batteries, in kWh.
    pub batteries_kwh: Option<f64>,
    /// Energy in the cars, in kWh.
    pub cars_kwh: Option<f64>,
    /// Temperature of the rooms, in °C.
    pub room_c: Option<f64>,
    /// Heat in the tank, in kWh.
    pub tank_kwh: Option<f64>,
}

impl Day {
    /// Its intervals, in order.
    pub fn rows(&self) -> impl Iterator<Item = IntervalRow> + '_ {
        (0..self.home.horizon.len()).map(|t| self.row(t))
    }

    fn row(&self, t: usize) -> IntervalRow {
        let (grid, schedule) = (&self.home.grid, &self.costed.schedule);
        let setpoints = &schedule.setpoints;
        let stores = |all: &[StorePower]| all.iter().map(|one| (one.charge[t] - one.discharge[t]).0).sum();
        let stored = |all: &[Vec<offpeak_domain::KilowattHours>]| {
            (!all.is_empty()).then(|| all.iter().map(|edges| edges[t + 1].0).sum())
        };
        IntervalRow {
            start: self.home.horizon.start_of(t),
            import_price: grid.import_price[t].0,
            export_price: grid.export_price[t].0,
            load_kw: grid.load[t].0,
            pv_kw: grid.pv[t].0,
            curtailed_kw: setpoints.curtail[t].0,
            import_kw: schedule.import[t].0,
            export_kw: schedule.export[t].0,
            batteries_kw: stores(&setpoints.batteries),
            cars_kw: stores(&setpoints.evs),
            heat_pumps_kw: setpoints.heat_pumps.iter().map(|one: &HeatPumpPower| one.total(t).0).sum(),
            appliances_kw: setpoints.appliances.iter().map(|power: &Vec<Kilowatts>| power[t].0).sum(),
            batteries_kwh: stored(&schedule.battery_stored),
            cars_kwh: stored(&schedule.ev_energy),
            room_c: schedule.room_temperature.iter().flatten().next().map(|edges| edges[t + 1].0),
            tank_kwh: schedule.water_stored.iter().flatten().next().map(|edges| edges[t + 1].0),
        }
    }
}
