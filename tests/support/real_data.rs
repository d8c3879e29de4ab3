//! Homes made of measured series: prices, weather, household load, charging sessions and grid fees.
//!
//! Profile years are mapped to the days of the price series like this:
//! - household load (2016): the nearest day of the same weekday, by the wall clock;
//! - charging sessions (2019): the nearest day of the same weekday, by the wall clock;
//! - weather and sun (2015): the same date and UTC time, since the sun knows no weekday.

mod files;
mod home;

pub use files::{RealData, Session};
pub use home::{HomeKind, real_home};
