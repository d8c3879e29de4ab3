//! What a day really cost, and what it lacked.

use chrono::{Datelike, NaiveDate};
use offpeak_domain::{Costed, Home, KilowattHours};
use serde::{Deserialize, Serialize};

use crate::policies::Proofs;

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
    /// Plans that were made.
    pub plans: usize,
    /// Plans that the search left with a wider gap than it was asked for.
    pub open_plans: usize,
    /// The widest gap between a plan's objective and its proven bound, in ct.
    pub worst_gap_ct: f64,
}

/// The rows of each month as one row, dated by its first day of the replay.
pub fn by_month(days: &[DayRow]) -> Vec<DayRow> {
    let month = |row: &DayRow| (row.date.year(), row.date.month());
    days.chunk_by(|one, other| month(one) == month(other)).filter_map(sum).collect()
}

/// All rows as one, dated by the first: sums, but for the stores, which are those of the last, and the widest gap. None of no rows.
pub fn sum(days: &[DayRow]) -> Option<DayRow> {
    days.iter().copied().reduce(|all, day| DayRow {
        date: all.date,
        import_kwh: all.import_kwh + day.import_kwh,
        export_kwh: all.export_kwh + day.export_kwh,
        load_kwh: all.load_kwh + day.load_kwh,
        pv_kwh: all.pv_kwh + day.pv_kwh,
        curtailed_kwh: all.curtailed_kwh + day.curtailed_kwh,
        import_ct: all.import_ct + day.import_ct,
        export_ct: all.export_ct + day.export_ct,
        peak_ct: all.peak_ct + day.peak_ct,
        standing_ct: all.standing_ct + day.standing_ct,
        wear_ct: all.wear_ct + day.wear_ct,
        starts_ct: all.starts_ct + day.starts_ct,
        co2_ct: all.co2_ct + day.co2_ct,
        discomfort_ct: all.discomfort_ct + day.discomfort_ct,
        shortfall_ct: all.shortfall_ct + day.shortfall_ct,
        urgency_ct: all.urgency_ct + day.urgency_ct,
        overshoot_ct: all.overshoot_ct + day.overshoot_ct,
        discomfort_k_h: all.discomfort_k_h + day.discomfort_k_h,
        hot_water_kwh_h: all.hot_water_kwh_h + day.hot_water_kwh_h,
        departure_kwh: all.departure_kwh + day.departure_kwh,
        elsewhere_kwh: all.elsewhere_kwh + day.elsewhere_kwh,
        skipped_runs: all.skipped_runs + day.skipped_runs,
        stored_ct: day.stored_ct,
        plans: all.plans + day.plans,
        open_plans: all.open_plans + day.open_plans,
        worst_gap_ct: all.worst_gap_ct.max(day.worst_gap_ct),
    })
}

/// What of a day is not in its schedule.
pub(crate) struct Beside {
    pub(crate) date: NaiveDate,
    pub(crate) standing_ct: f64,
    pub(crate) skipped_runs: usize,
    pub(crate) skipped_ct: f64,
    pub(crate) stored_ct: f64,
    pub(crate) proofs: Proofs,
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
            plans: beside.proofs.plans,
            open_plans: beside.proofs.open,
            worst_gap_ct: beside.proofs.worst_gap_ct,
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
