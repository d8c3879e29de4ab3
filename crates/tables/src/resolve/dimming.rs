//! Import limits while the grid operator dims.

use offpeak_domain::{Horizon, Kilowatts, dimmed_import_limit};

use crate::rows::DimmingRow;

/// The import limit of every interval: the fuse, or less where a dimming overlaps the interval.
///
/// A dimming that begins within an interval counts for all of it, so that no plan breaks a cap.
pub(super) fn import_limits(
    horizon: &Horizon,
    load: &[Kilowatts],
    pv: &[Kilowatts],
    fuse: Kilowatts,
    dimmings: &[&DimmingRow],
) -> Vec<Kilowatts> {
    let mut limits = vec![fuse; horizon.len()];
    for (t, edges) in horizon.edges().array_windows().enumerate() {
        let [start, end] = *edges;
        let overlapping = dimmings.iter().filter(|dimming| dimming.from < end && dimming.to > start);
        for dimming in overlapping {
            let dimmed = dimmed_import_limit(load[t], pv[t], dimming.cap, fuse);
            limits[t] = limits[t].min(dimmed);
        }
    }
    limits
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{Duration, TimeZone, Utc};

    #[test]
    fn every_interval_that_a_dimming_touches_has_the_load_plus_the_cap() {
        let start = Utc.with_ymd_and_hms(2026, 1, 15, 0, 0, 0).single().expect("one");
        let horizon = Horizon::between(start, start + Duration::hours(1), 15).expect("divides");
        let dimming = DimmingRow {
            from: start + Duration::minutes(20),
            to: start + Duration::minutes(45),
            cap: Kilowatts(4.2),
        };
        let load = [Kilowatts(1.0); 4];
        let limits = import_limits(&horizon, &load, &[Kilowatts(0.0); 4], Kilowatts(30.0), &[&dimming]);
        assert_eq!(limits, [30.0, 5.2, 5.2, 30.0].map(Kilowatts));
    }
}
