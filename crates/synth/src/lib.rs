//! Random German fleets from a seed, drawn from documented statistics.
//!
//! [`generate`] writes a folder of tables; nothing in it is copied from a data set. Every constant
//! names the public source of its value. Powers are in kW, energies in kWh, temperatures in °C, local
//! times in Europe/Berlin.
//!
//! Weather and market of a date depend on the seed and the date; a home depends on the seed, the
//! mix and its number.

mod appliances;
mod battery;
mod calendar;
mod ev;
mod fleet;
mod heat_pump;
mod home;
mod hot_water;
mod household;
mod market;
mod mix;
mod options;
mod pv;
mod random;
mod sun;
mod tariffs;
mod trips;
mod weather;

pub use fleet::{FleetSummary, SynthError, generate};
pub use mix::Mix;
pub use options::SynthOptions;
