//! Parts that only mean something together, against random schedules that keep every rule and against enumeration.

mod automaton;
mod bounds;
mod fixed_speed;
mod homes;
mod joint;
mod model;
mod serve;
mod warm;

pub(crate) use homes::{Lcg, home, powers, schedules};
