//! The grid connection: limits, peak charges, carbon.

use std::ops::Range;

use chrono::Datelike;
use chrono_tz::Tz;
use offpeak_domain::{Horizon, Kilowatts, PeakCharge};

use crate::rows::{PeakWindow, PeakWish};

/// One charge per billing window in the horizon.
///
/// The peak already reached is that of the window in which the plan starts; later windows begin anew.
pub(super) fn peak_charges(peak: &PeakWish, horizon: &Horizon, zone: Tz) -> Vec<PeakCharge> {
    let windows = match peak.window {
        PeakWindow::Day => horizon.local_day_ranges(zone),
        PeakWindow::Month => local_months(horizon, zone),
    };
    let charge = |(index, intervals)| PeakCharge {
        intervals,
        price: peak.price,
        already_reached: if index == 0 { peak.reached } else { Kilowatts::ZERO },
    };
    windows.into_iter().enumerate().map(charge).collect()
}

fn local_months(horizon: &Horizon, zone: Tz) -> Vec<Range<usize>> {
    let mut months: Vec<((i32, u32), Range<usize>)> = Vec::new();
    for day in horizon.local_day_ranges(zone) {
        let date = horizon.start_of(day.start).with_timezone(&zone).date_naive();
        let month = (date.year(), date.month());
        match months.last_mut() {
            Some((last, range)) if *last == month => range.end = day.end,
            _ => months.push((month, day)),
        }
    }
    months.into_iter().map(|(_, range)| range).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;
    use chrono_tz::Europe::Berlin;
    use offpeak_domain::CentsPerKilowatt;

    fn two_days(window: PeakWindow) -> Vec<(Range<usize>, f64)> {
        let date = NaiveDate::from_ymd_opt(2026, 1, 31).expect("a date");
        let horizon = Horizon::local_days(date, 3, Berlin, 60).expect("divides");
        let peak = PeakWish { price: CentsPerKilowatt(50.0), reached: Kilowatts(3.0), window };
        let charges = peak_charges(&peak, &horizon, Berlin);
        charges.into_iter().map(|charge| (charge.intervals, charge.already_reached.0)).collect()
    }

    #[test]
    fn a_month_is_one_window_and_a_new_one_begins_at_local_midnight() {
        assert_eq!(two_days(PeakWindow::Month), [(0..24, 3.0), (24..72, 0.0)]);
    }

    #[test]
    fn every_local_day_is_a_window_if_the_day_is_billed() {
        assert_eq!(two_days(PeakWindow::Day), [(0..24, 3.0), (24..48, 0.0), (48..72, 0.0)]);
    }
}
