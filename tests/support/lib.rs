//! Builders of small homes and the one check that every plan in a test goes through.
//!
//! A builder makes the plainest thing of its kind (no losses, no wear, no limits that bind); a test writes only
//! what it is about: `Battery { wear: .., ..battery(&home, 10.0, 5.0) }`.

mod check;
mod homes;
pub mod real_data;

pub use check::{assert_closed, assert_cost, assert_sound, check, check_exactly, exact};
pub use homes::{
    appliance, at_start, battery, ct_per_kwh, day, ev, free_running_pump, home, hourly, kw, kwh, power, pump,
    room, session, water,
};
