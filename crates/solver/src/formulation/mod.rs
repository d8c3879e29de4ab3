//! A home as a mixed-integer linear program: gathers the parts of grid and devices into one [`Model`].
//!
//! It is written tightly: binaries only where they can matter, facets for minimum run and pause, bounds from what can flow.

mod appliance;
mod battery;
mod ev;
mod grid;
mod heat_pump;
mod model;
mod potential;

use offpeak_domain::{Costed, Home, Setpoints};

pub(crate) use model::{Model, Program, Values};
use potential::Potential;

/// The variables of a home's program, from which a solution is read.
pub(crate) struct Variables {
    grid: grid::GridVariables,
    batteries: Vec<battery::StoreVariables>,
    evs: Vec<battery::StoreVariables>,
    heat_pumps: Vec<heat_pump::HeatPumpVariables>,
    appliances: Vec<appliance::ApplianceVariables>,
}

/// Writes `home` as a program whose variables start at the values they have in `start`.
pub(crate) fn formulate(home: &Home, start: &Costed) -> (Model, Variables) {
    let mut model = Model::new(home.horizon.len());
    let potential = Potential::of(home);
    let schedule = &start.schedule;
    let direction = grid::add_direction(&mut model, home, &potential, schedule);
    let part = Part { home, schedule, potential: &potential, direction: &direction };
    let batteries = (0..home.batteries.len()).map(|i| battery::add_to(&mut model, &part, i)).collect();
    let evs = (0..home.evs.len()).map(|i| ev::add_to(&mut model, &part, i)).collect();
    let heat_pumps = (0..home.heat_pumps.len()).map(|i| heat_pump::add_to(&mut model, &part, i)).collect();
    let appliances = (0..home.appliances.len()).map(|i| appliance::add_to(&mut model, &part, i)).collect();
    let grid = grid::add_to(&mut model, &part);
    (model, Variables { grid, batteries, evs, heat_pumps, appliances })
}

/// What every device sees of the whole while it adds its part.
struct Part<'a> {
    home: &'a Home,
    schedule: &'a offpeak_domain::Schedule,
    potential: &'a Potential,
    direction: &'a grid::Direction,
}

impl Variables {
    /// Setpoints from a solution: within their ranges to the last bit, and never both ways at once.
    pub(crate) fn read(&self, home: &Home, values: &Values) -> Setpoints {
        let mut setpoints = Setpoints::idle(home);
        setpoints.curtail = self.grid.read(home, values);
        for (index, variables) in self.batteries.iter().enumerate() {
            setpoints.batteries[index] = battery::read(&home.batteries[index], variables, values);
        }
        for (index, variables) in self.evs.iter().enumerate() {
            setpoints.evs[index] = battery::read_powers(variables, values);
        }
        for (index, variables) in self.heat_pumps.iter().enumerate() {
            setpoints.heat_pumps[index] = heat_pump::read(&home.heat_pumps[index], variables, values);
        }
        for (index, variables) in self.appliances.iter().enumerate() {
            appliance::read(&home.appliances[index], variables, values, &mut setpoints.appliances[index]);
        }
        setpoints
    }
}

/// How large a home's program is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProblemSize {
    /// Variables.
    pub columns: usize,
    /// Of these, integer ones.
    pub integers: usize,
    /// Constraints.
    pub rows: usize,
}

/// The size of the program of `home`, which also builds it: what the bench of model building times.
pub fn problem_size(home: &Home, start: &Costed) -> ProblemSize {
    formulate(home, start).0.size()
}
