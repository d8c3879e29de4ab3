//! HiGHS on the finished program, with the settings of the engine's own search.

use highs::{HighsModelStatus, HighsSolutionStatus, Model, TrySetOptionError};
use offpeak_domain::Cents;
use offpeak_solver::Options;

use super::program::Program;

/// The presolve rule `zero-cost singleton`, by its bit, with which HiGHS 1.16 can cut off the optimum of such a program.
const UNSOUND_PRESOLVE_RULE: i32 = 1 << 18;

/// What a search came to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Searched {
    /// Objective of the best schedule found.
    pub objective: Cents,
    /// No schedule of the home has a lower objective, but for the solver's tolerances.
    pub bound: Cents,
    /// Simplex iterations it took.
    pub iterations: u64,
}

/// A search without a schedule.
#[derive(Debug, Clone, PartialEq)]
pub struct Unsolved {
    /// What happened.
    pub message: String,
    /// Simplex iterations it took.
    pub iterations: u64,
}

/// Whether HiGHS may simplify the program first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presolve {
    /// As in the engine's own search, to compare times with it.
    On,
    /// Slower, and right: presolve of HiGHS 1.16 calls some such program infeasible that is not.
    Off,
}

pub(super) fn run(program: Program, options: &Options, presolve: Presolve) -> Result<Searched, Unsolved> {
    let failed = |message: &str| Unsolved { message: message.to_owned(), iterations: 0 };
    let mut model = program.finish().try_into_inner().map_err(|_| failed("the program was refused"))?;
    set_options(&mut model, options, presolve).map_err(|_| failed("an option was refused"))?;
    let solved = model.try_solve().map_err(|_| failed("the search failed"))?;
    let iterations = solved.simplex_iteration_count().max(0).unsigned_abs();
    let infeasible = solved.status() == HighsModelStatus::Infeasible;
    if infeasible || solved.primal_solution_status() != HighsSolutionStatus::Feasible {
        let message = format!("no schedule: {:?}", solved.status());
        return Err(Unsolved { message, iterations });
    }
    let bound = solved.double_info_value(c"mip_dual_bound").unwrap_or(f64::NEG_INFINITY);
    Ok(Searched { objective: Cents(solved.objective_value()), bound: Cents(bound), iterations })
}

fn set_options(model: &mut Model, options: &Options, presolve: Presolve) -> Result<(), TrySetOptionError> {
    model.make_quiet();
    model.try_set_option("presolve", if presolve == Presolve::On { "choose" } else { "off" })?;
    model.try_set_option("threads", 1)?;
    model.try_set_option("parallel", "off")?;
    model.try_set_option("random_seed", 0)?;
    model.try_set_option("presolve_rule_off", UNSOUND_PRESOLVE_RULE)?;
    model.try_set_option("mip_rel_gap", options.tolerance.relative)?;
    model.try_set_option("mip_abs_gap", options.tolerance.absolute.0)?;
    model.try_set_option("mip_max_nodes", i32::try_from(options.node_limit).unwrap_or(i32::MAX))?;
    model.try_set_option("mip_feasibility_tolerance", 1e-7)
}
