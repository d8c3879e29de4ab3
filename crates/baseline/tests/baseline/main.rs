//! The baseline: clean in every home, and doing what a home does when nobody plans.

mod appliance;
mod battery;
mod clean;
mod ev;
mod heat_pump;
mod plain_home;
mod random_home;
mod yielding;
