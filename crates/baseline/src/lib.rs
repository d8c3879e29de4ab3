//! What a home does when nobody plans: the schedule that savings are measured against.
//!
//! [`uncontrolled`] knows no prices. Cars charge at full power from arrival, appliances start as early as
//! they may, the heat pump follows a thermostat, the battery serves the home's own consumption.
//!
//! It is a clean schedule all the same, one that the audit passes: where a limit of the grid connection
//! binds, the cars yield first, then the appliances, the heat pumps last. And it serves the owner as well as it can,
//! so that no saving is claimed for comfort that the baseline merely forgot: heating starts in time
//! for a warmer hour, and the stores are not run below their end floors.

mod appliance;
mod battery;
mod compressor;
mod curtailment;
mod ev;
mod heat_pump;
mod room_left;
mod sink;
mod thermostat;
mod uncontrolled;

pub use uncontrolled::uncontrolled;
