//! Appliances: a profile of quarter-hours on the intervals of the plan.

use offpeak_domain::{Appliance, Horizon, Kilowatts};

use super::interval_minutes;
use crate::rows::ApplianceRow;
use crate::series::stamp;

/// Minutes of an entry of a profile.
const QUARTER_HOUR: f64 = 15.0;

/// The run on a horizon, or a note why it is no part of this plan.
///
/// A run whose window ends after the horizon is left to the plan that holds that end: planned here it
/// would be pressed into the horizon's last hours. A window that began before is cut at the start.
pub(super) fn appliance(row: &ApplianceRow, horizon: &Horizon) -> Result<Appliance, String> {
    let left_out = |reason: String| format!("appliance `{}` is not in this plan: {reason}", row.id);
    if row.latest_end > horizon.end() {
        let (end, plan) = (stamp(row.latest_end), stamp(horizon.end()));
        return Err(left_out(format!("its window ends at {end}, after the plan at {plan}")));
    }
    if row.latest_end <= horizon.start() {
        return Err(left_out(format!("its window ended at {}, before the plan", stamp(row.latest_end))));
    }
    let profile = resample(&row.quarter_hours, interval_minutes(horizon));
    let mut window = horizon.intervals_within(row.earliest_start, row.latest_end);
    // An interval cut short would cut the run short.
    if window.start == 0 && horizon.length(0) < horizon.resolution() {
        window.start = 1;
    }
    if window.len() < profile.len() {
        let (found, needed) = (window.len(), profile.len());
        return Err(left_out(format!("its window has {found} whole intervals left, its run needs {needed}")));
    }
    Ok(Appliance {
        id: row.id.clone(),
        earliest_start: window.start,
        latest_start: window.end - profile.len(),
        profile,
        interruptible: row.interruptible,
        skip_penalty: row.skip_penalty,
    })
}

/// The profile in intervals of `minutes`, with the same energy; the last one is padded with nothing.
fn resample(quarter_hours: &[Kilowatts], minutes: f64) -> Vec<Kilowatts> {
    let run = QUARTER_HOUR * quarter_hours.len() as f64;
    let mut profile = Vec::new();
    let mut from = 0.0;
    while from < run {
        let to = from + minutes;
        let energy = quarter_hours.iter().enumerate().map(|(quarter, power)| {
            let start = QUARTER_HOUR * quarter as f64;
            let overlap = (to.min(start + QUARTER_HOUR) - from.max(start)).max(0.0);
            power.0 * overlap
        });
        profile.push(Kilowatts(energy.sum::<f64>() / minutes));
        from = to;
    }
    profile
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{At, Place};
    use chrono::{DateTime, Duration, TimeZone, Utc};
    use offpeak_domain::Cents;

    fn midnight() -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2026, 1, 15, 0, 0, 0).single().expect("one")
    }

    fn row(earliest_hour: i64, latest_hour: i64) -> ApplianceRow {
        ApplianceRow {
            at: At { file: "appliances.csv".into(), place: Place::Row(2) },
            id: "washer".into(),
            quarter_hours: [2.0, 0.5, 0.5].map(Kilowatts).to_vec(),
            earliest_start: midnight() + Duration::hours(earliest_hour),
            latest_end: midnight() + Duration::hours(latest_hour),
            interruptible: false,
            skip_penalty: Cents(1000.0),
        }
    }

    fn day(minutes: u32) -> Horizon {
        Horizon::between(midnight(), midnight() + Duration::hours(24), minutes).expect("divides")
    }

    #[test]
    fn a_profile_keeps_its_energy_on_any_grid() {
        let quarter_hours = [2.0, 0.5, 0.5].map(Kilowatts);
        assert_eq!(resample(&quarter_hours, 15.0), quarter_hours);
        assert_eq!(resample(&quarter_hours, 60.0), [Kilowatts(0.75)]);
        assert_eq!(resample(&quarter_hours, 30.0), [1.25, 0.25].map(Kilowatts));
        assert_eq!(resample(&quarter_hours[..1], 5.0), [2.0; 3].map(Kilowatts));
    }

    #[test]
    fn a_run_may_start_as_long_as_it_ends_in_its_window() {
        let appliance = appliance(&row(8, 10), &day(15)).expect("fits");
        assert_eq!((appliance.earliest_start, appliance.latest_start), (32, 37));
    }

    #[test]
    fn a_window_that_does_not_fit_is_left_out_with_a_note() {
        for (row, reason) in
            [(row(20, 30), "ends at 2026-01-16T06:00Z, after the plan"), (row(-5, 0), "before the plan")]
        {
            let note = appliance(&row, &day(15)).expect_err("does not fit");
            assert!(
                note.starts_with("appliance `washer` is not in this plan: ") && note.contains(reason),
                "{note}"
            );
        }
    }

    #[test]
    fn no_run_begins_in_an_interval_cut_short() {
        let start = midnight() + Duration::minutes(7);
        let edges = (1..=96).map(|quarter| midnight() + Duration::minutes(15 * quarter));
        let horizon = Horizon::from_edges(std::iter::once(start).chain(edges).collect()).expect("increasing");
        assert_eq!(appliance(&row(-1, 10), &horizon).expect("fits").earliest_start, 1);
    }
}
