//! Generation is thrown away only where the export limit leaves no other way.

use offpeak_domain::{Home, Kilowatts, Setpoints};

/// Curtailed power per interval; 0 where the home cannot curtail.
pub(crate) fn forced(home: &Home, setpoints: &Setpoints) -> Vec<Kilowatts> {
    let grid = &home.grid;
    let beyond_limit = |t: usize| {
        let export = -(grid.base(t) + setpoints.device_power(t));
        (export - grid.export_limit[t]).max(Kilowatts::ZERO).min(grid.pv[t])
    };
    let intervals = 0..home.horizon.len();
    if grid.can_curtail {
        intervals.map(beyond_limit).collect()
    } else {
        intervals.map(|_| Kilowatts::ZERO).collect()
    }
}
