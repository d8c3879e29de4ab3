//! From the rows of a home to the home on a horizon: one file per device.

mod appliance;
mod battery;
mod comfort;
mod dimming;
mod ev;
mod ev_end;
mod ev_sessions;
mod grid;
mod heat_pump;
mod heat_pump_curve;
mod home;

pub(crate) use home::{HomeParts, resolve_home};

use offpeak_domain::Horizon;

/// The nominal length of an interval in minutes.
fn interval_minutes(horizon: &Horizon) -> f64 {
    (horizon.resolution().0 * 60.0).round()
}
