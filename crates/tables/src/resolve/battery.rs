//! Batteries: the same power limits in every interval.

use offpeak_domain::{Battery, Horizon};

use crate::rows::BatteryRow;

/// The battery on a horizon.
pub(super) fn battery(row: &BatteryRow, horizon: &Horizon) -> Battery {
    Battery {
        max_charge: vec![row.max_charge; horizon.len()],
        max_discharge: vec![row.max_discharge; horizon.len()],
        ..row.battery.clone()
    }
}
