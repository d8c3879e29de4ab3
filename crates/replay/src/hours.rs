//! A replay by month and hour of the day: what a heat map shows.

use chrono::{Datelike, NaiveDate, Timelike};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::day::Day;

/// All intervals of a month that begin in the same local hour of the day; energies in kWh, money in ct.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct HourRow {
    /// The first of the month.
    pub month: NaiveDate,
    /// The local hour of the day, from 0 to 23.
    pub hour: u32,
    /// How long its intervals are together, in hours.
    pub hours: f64,
    /// Energy taken from the grid.
    pub import_kwh: f64,
    /// Energy fed in.
    pub export_kwh: f64,
    /// Energy into the devices that can be shifted, less what batteries and cars give back.
    pub flexible_kwh: f64,
    /// Metered import at its price, less metered export at its own.
    pub energy_ct: f64,
    /// Import prices times the lengths of their intervals, in ct/kWh h: over `hours` it is the mean price.
    pub price_ct_h: f64,
}

impl HourRow {
    /// The mean import price, in ct/kWh.
    pub fn import_price(&self) -> f64 {
        self.price_ct_h / self.hours
    }
}

/// Adds a day that is over to the rows of its month, which stand in the order of months and hours.
pub(crate) fn add_day(rows: &mut Vec<HourRow>, day: &Day, zone: Tz) {
    let (home, schedule) = (&day.home, &day.costed.schedule);
    for t in 0..home.horizon.len() {
        let local = home.horizon.start_of(t).with_timezone(&zone);
        let month = local.date_naive().with_day(1).unwrap_or_default();
        let row = row_of(rows, month, local.hour());
        let hours = home.horizon.length(t).0;
        let (import, export) = (schedule.import[t].0 * hours, schedule.export[t].0 * hours);
        row.hours += hours;
        row.import_kwh += import;
        row.export_kwh += export;
        row.flexible_kwh += schedule.setpoints.device_power(t).0 * hours;
        row.energy_ct += import * home.grid.import_price[t].0 - export * home.grid.export_price[t].0;
        row.price_ct_h += home.grid.import_price[t].0 * hours;
    }
}

fn row_of(rows: &mut Vec<HourRow>, month: NaiveDate, hour: u32) -> &mut HourRow {
    let place = rows.binary_search_by_key(&(month, hour), |row| (row.month, row.hour));
    let at = place.unwrap_or_else(|at| {
        let zero = 0.0;
        let fresh = HourRow {
            month,
            hour,
            hours: zero,
            import_kwh: zero,
            export_kwh: zero,
            flexible_kwh: zero,
            energy_ct: zero,
            price_ct_h: zero,
        };
        rows.insert(at, fresh);
        at
    });
    &mut rows[at]
}
