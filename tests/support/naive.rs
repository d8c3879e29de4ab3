//! The textbook program of a home: a judge of the engine's, and what the bench measures the engine's against.
//!
//! Written from the description of the model alone: it shares no code with `crates/solver`, nor with the domain's own
//! settling and accounting. Every choice is a binary in every interval, starts are integers, minimum run and pause have one row per
//! pair of intervals, and whatever a binary switches off it switches off with one big number. Nothing is left out because it
//! cannot matter. Only objective and bound come back, because nobody is to act on them.

mod appliance;
mod battery;
mod ev;
mod grid;
mod heat_pump;
mod program;
mod search;

use offpeak_domain::Home;
use offpeak_solver::Options;

use crate::check::exact;
use program::Program;
pub use search::{Presolve, Searched, Unsolved};

/// Searches for the cheapest schedule of `home` until the gap is closed or the node limit reached, from no start.
///
/// # Errors
/// [`Unsolved`] when the search ends without a schedule.
pub fn search(home: &Home, options: &Options, presolve: Presolve) -> Result<Searched, Unsolved> {
    let mut program = Program::new(home);
    home.batteries.iter().for_each(|battery| battery::add(&mut program, home, battery));
    home.evs.iter().for_each(|ev| ev::add(&mut program, home, ev));
    home.heat_pumps.iter().for_each(|pump| heat_pump::add(&mut program, home, pump));
    home.appliances.iter().for_each(|appliance| appliance::add(&mut program, appliance));
    grid::add(&mut program, home);
    search::run(program, options, presolve)
}

/// The optimum of `home`, in ct.
///
/// # Panics
/// If the search fails.
pub fn optimum(home: &Home) -> f64 {
    let searched = search(home, &exact(), Presolve::Off);
    searched.unwrap_or_else(|unsolved| panic!("{}\n{home:?}", unsolved.message)).objective.0
}
