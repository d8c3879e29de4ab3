//! The small tables of a fleet: what columns they have and what a row says.
//!
//! A row keeps its place, because some of what may be wrong with it shows only on a horizon.

mod appliances;
mod batteries;
mod dimming;
mod ev_sessions;
mod evs;
mod heat_pumps;
mod homes;

pub(crate) use appliances::{APPLIANCES, ApplianceRow};
pub(crate) use batteries::{BATTERIES, BatteryRow};
pub(crate) use dimming::{DIMMING, DimmingRow};
pub(crate) use ev_sessions::{EV_SESSIONS, SessionRow};
pub(crate) use evs::{EVS, EvRow};
pub(crate) use heat_pumps::{Cop, HEAT_PUMPS, HeatPumpRow, Night, RoomsRow, Source, TankRow};
pub(crate) use homes::{HOMES, HomeRow, PeakWindow, PeakWish};

use std::ops::RangeInclusive;

/// Powers that a home may have, in kW.
pub(crate) const KW: RangeInclusive<f64> = 0.0..=1e6;

/// Energies that a home may have, in kWh.
pub(crate) const KWH: RangeInclusive<f64> = 0.0..=1e6;

/// Penalties, in ct per whatever the column says.
pub(crate) const PENALTY: RangeInclusive<f64> = 0.0..=1e6;

/// Shares that must not be nothing.
pub(crate) const EFFICIENCY: RangeInclusive<f64> = 0.01..=1.0;

/// Temperatures, in °C.
pub(crate) const CELSIUS: RangeInclusive<f64> = -100.0..=100.0;
