//! What a day really cost, and what it lacked.

use chrono::NaiveDate;
use offpeak_domain::{Costed, Home, KilowattHours};
use serde::{Deserialize, Serialize};

/// One local day of one home under one tariff and one policy. A cost is positive, in ct; energies in kWh.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct DayRow {
    /// The local day.
    pub date: NaiveDate,
    /// Energy taken from the grid.
    pub import_kwh: f64,
    /// Energy fed in.
    pub export_kwh: f64,
    /// Inflexible load.
    pub load_kwh: f64,
    /// Generation before curtailment.
    pub pv_kwh: f64,
    /// Generation thrown away.
    pub curtailed_kwh: f64,
    /// Metered import at the price of its interval.
    pub import_ct: f64,
    /// Income of metered export at the price of its interval.
    pub export_ct: f64,
    /// Charges on peaks above those already reached.
    pub peak_ct: f64,
    /// What the tariff costs a day, whatever is consumed.
    pub standing_ct: f64,
    /// Wear of batteries and cars.
    pub wear_ct: f64,
    /// Compressor starts.
    pub starts_ct: f64,
    /// Weighted carbon.
    pub co2_ct: f64,
    /// Penalty for temperatures and tanks outside their bands.
    pub discomfort_ct: f64,
    /// Penalty for energy not delivered and runs skipped.
    pub shortfall_ct: f64,
    /// Penalty for energy wanted at once and not there yet.
    pub urgency_ct: f64,
    /// Penalty for limits that the load alone broke.
    pub overshoot_ct: f64,
    /// Kelvin hours outside the comfort bands.
    pub discomfort_k_h: f64,
    /// Stored heat outside the tanks' bands, in kWh h.
    pub hot_water_kwh_h: f64,
    /// Energy missing at departures.
    pub departure_kwh: f64,
    /// Energy that cars charged elsewhere.
    pub elsewhere_kwh: f64,
    /// Appliances that did not run.
    pub skipped_runs: usize,
    /// Worth of what the stores hold at the end of the day, up to a constant of the home and tariff.
    pub stored_ct: f64,
}

/// What of a day is not in its schedule.
pub(crate) struct Beside {
    pub(crate) date: NaiveDate,
    pub(crate) standing_ct: f64,
    pub(crate) skipped_runs: usize,
    pub(crate) skipped_ct: f64,
    pub(crate) stored_ct: f64,
}

impl DayRow {
    /// The books of one day.
    pub(crate) fn new(home: &Home, costed: &Costed, beside: &Beside) -> Self {
        let energy = |powers: &[offpeak_domain::Kilowatts]| {
            let parts = powers.iter().zip(home.horizon.lengths()).map(|(power, length)| *power * length);
            parts.sum::<KilowattHours>().0
        };
        let (money, missed, schedule) = (&costed.money, &costed.shortfalls, &costed.schedule);
        Self {
            date: beside.date,
            import_kwh: energy(&schedule.import),
            export_kwh: energy(&schedule.export),
            load_kwh: energy(&home.grid.load),
            pv_kwh: energy(&home.grid.pv),
            curtailed_kwh: energy(&schedule.setpoints.curtail),
            import_ct: money.import.0,
            export_ct: money.export.0,
            peak_ct: money.peak.0,
            standing_ct: beside.standing_ct,
            wear_ct: money.wear.0,
            starts_ct: money.starts.0,
            co2_ct: money.co2.0,
            discomfort_ct: money.discomfort.0,
            shortfall_ct: money.shortfall.0 + beside.skipped_ct,
            urgency_ct: money.urgency.0,
            overshoot_ct: money.overshoot.0,
            discomfort_k_h: missed.discomfort_kelvin_hours,
            hot_water_kwh_h: missed.hot_water_kwh_hours,
            departure_kwh: missed.departure.0,
            elsewhere_kwh: missed.charged_elsewhere.0,
            skipped_runs: missed.skipped_runs + beside.skipped_runs,
            stored_ct: beside.stored_ct,
        }
    }

    /// What the supplier and the grid operator charge, in ct.
    pub fn bill_ct(&self) -> f64 {
        self.import_ct - self.export_ct + self.peak_ct + self.standing_ct
    }

    /// The bill, wear, starts and carbon, and every penalty for what was missed, in ct; before what the stores hold.
    pub fn cost_ct(&self) -> f64 {
        self.bill_ct()
            + self.wear_ct
            + self.starts_ct
            + self.co2_ct
            + self.discomfort_ct
            + self.shortfall_ct
            + self.urgency_ct
            + self.overshoot_ct
    }
}
