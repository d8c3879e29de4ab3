//! The fast backend against HiGHS, against known optima, and against itself.
//!
//! The homes are random and the same in every run; each is named by its kind and number.

mod against_highs;
mod against_optimum;
mod determinism;
mod devices;
mod draw;
mod efforts;
mod extreme_prices;
mod grids;
mod hard_rules;
mod judged;
mod kinds;
mod relaxed;

// The judges of tiny homes, shared with the tests of the whole engine.
#[path = "../oracle/enumeration.rs"]
mod enumeration;
#[path = "../oracle/grid_cost.rs"]
mod grid_cost;
#[path = "../oracle/integer_grid.rs"]
mod integer_grid;
#[path = "../oracle/random_homes.rs"]
mod random_homes;
