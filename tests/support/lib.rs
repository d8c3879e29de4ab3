//! Builders of small homes, the one check that every plan in a test goes through, and a second way to the optimum.

mod check;
mod fleets;
pub mod naive;
pub mod real_data;
mod scenarios;

pub use check::{assert_closed, assert_cost, assert_sound, check, check_exactly, exact};
pub use fleets::fleet;
pub use offpeak_testhomes::plain::{
    appliance, at_start, battery, ct_per_kwh, day, ev, free_running_pump, home, hourly, kw, kwh, power, pump,
    room, session, water,
};
pub use scenarios::{Scenario, scenario_files, scenario_number, scenarios};
