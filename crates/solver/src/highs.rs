//! HiGHS as a backend. The one file that names it.
//!
//! Three solves on one model: the program itself to the gap asked for; then, with the binaries fixed, the exact minimum of
//! money; then the preferences, with that money as a limit. The last two are linear programs of a few milliseconds.

use ::highs::{Col, HighsModelStatus, HighsSolutionStatus, Model, RowProblem, SolvedModel};
use offpeak_domain::{Cents, Costed, Home, Setpoints, Termination};

use crate::backend::{Backend, Proposal, SolveError};
use crate::formulation::{Program, Values, Variables, formulate};
use crate::plan_home::Options;

/// Feasibility tolerance of the linear programs, well inside the auditor's 1e-6.
const TOLERANCE: f64 = 1e-9;

/// How much money the preferences may cost, in ct: the numerical slack without which the limit would be empty.
const MONEY_SLACK: f64 = 1e-6;

/// The presolve rule `zero-cost singleton`, by its bit. In HiGHS 1.16 it took part in cutting off the optimum of one of
/// some thousand tiny homes compared with enumeration (written naively), and so in a bound that did not hold.
const UNSOUND_PRESOLVE_RULE: i32 = 1 << 18;

/// Weight of a kW of rise in power, against a kW of EV charging that moves over the whole horizon.
const SMOOTHNESS: f64 = 1e-3;

/// The HiGHS backend: branch and cut, one thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Highs {
    /// Where the search starts.
    pub start: Start,
}

/// Where a search starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Start {
    /// From the schedule handed in, usually the baseline.
    #[default]
    Schedule,
    /// From nothing, to measure what the start is worth.
    Nothing,
}

impl Backend for Highs {
    fn name(&self) -> &'static str {
        "highs"
    }

    fn solve(&self, home: &Home, start: &Costed, options: &Options) -> Result<Proposal, SolveError> {
        let mut search = self.search(home, start, options, self.start)?;
        if self.start == Start::Schedule && !search.agrees_with_itself() {
            search = self.search(home, start, options, Start::Nothing)?;
        }
        let outcome = self.outcome(home, &search)?;
        let Search { program, variables, solved, found } = search;
        let polished = polish(solved, &program, &found).unwrap_or(found);
        let values = Values { numbers: &program.numbers, columns: &polished };
        Ok(Proposal { setpoints: variables.read(home, &values), ..outcome })
    }
}

/// A finished search.
struct Search {
    program: Program,
    variables: Variables,
    solved: SolvedModel,
    /// The values of all columns.
    found: Vec<f64>,
}

impl Search {
    /// Whether the schedule found has the objective that HiGHS reports for it.
    ///
    /// Where presolve settles a program outright, HiGHS 1.16 can hand back the schedule it was started from with the
    /// objective of another one.
    fn agrees_with_itself(&self) -> bool {
        let money: f64 = self.program.costs.iter().map(|(column, cost)| self.found[*column] * cost).sum();
        (money - self.solved.objective_value()).abs() <= 1e-5 * (1.0 + money.abs())
    }
}

impl Highs {
    fn failed(self, home: &Home, message: &str) -> SolveError {
        SolveError::Backend { home: home.id.clone(), backend: self.name(), message: message.to_owned() }
    }

    fn search(
        self,
        home: &Home,
        start: &Costed,
        options: &Options,
        from: Start,
    ) -> Result<Search, SolveError> {
        let (model, variables) = formulate(home, start);
        let (problem, program) = model.finish();
        let mut model = problem.try_into_inner().map_err(|_| self.failed(home, "the program was refused"))?;
        set_search_options(&mut model, options).map_err(|message| self.failed(home, message))?;
        if from == Start::Schedule && !program.integers.is_empty() {
            let refused = |_| self.failed(home, "the start was refused");
            model.try_set_solution(Some(&program.start), None, None, None).map_err(refused)?;
        }
        let solved = model.try_solve().map_err(|_| self.failed(home, "the search failed"))?;
        let found = solved.get_solution().columns().to_vec();
        Ok(Search { program, variables, solved, found })
    }

    /// Bound, end and effort of a search, with no setpoints yet.
    fn outcome(self, home: &Home, search: &Search) -> Result<Proposal, SolveError> {
        let solved = &search.solved;
        let iterations = solved.simplex_iteration_count().max(0).unsigned_abs();
        let termination = match solved.status() {
            HighsModelStatus::Optimal => Termination::GapClosed,
            HighsModelStatus::ReachedSolutionLimit | HighsModelStatus::ReachedIterationLimit => {
                Termination::NodeLimit
            }
            HighsModelStatus::Infeasible | HighsModelStatus::UnboundedOrInfeasible => {
                return Err(self.failed(home, "the program is infeasible, which no valid home is"));
            }
            _ => Termination::Stopped,
        };
        if solved.primal_solution_status() != HighsSolutionStatus::Feasible {
            return Err(SolveError::NoSchedule { home: home.id.clone(), backend: self.name(), iterations });
        }
        let bound = if search.program.integers.is_empty() {
            solved.objective_value()
        } else {
            solved.double_info_value(c"mip_dual_bound").unwrap_or(f64::NEG_INFINITY)
        };
        let bound = Cents(bound - rounding_allowance(bound));
        let backend = self.name();
        Ok(Proposal {
            setpoints: Setpoints::default(),
            found: true,
            bound,
            proof: None,
            termination,
            backend,
            iterations,
        })
    }
}

/// What is taken off a bound because HiGHS computes it in floating point, to its tolerances.
fn rounding_allowance(bound: f64) -> f64 {
    1e-6 + 1e-8 * bound.abs()
}

fn set_search_options(model: &mut Model, options: &Options) -> Result<(), &'static str> {
    let nodes = i32::try_from(options.node_limit).unwrap_or(i32::MAX);
    // A little inside the gap asked for, so that the rounding allowance does not reopen it.
    let (relative, absolute) = (options.tolerance.relative * 0.999, options.tolerance.absolute.0 * 0.99);
    model.make_quiet();
    let set = |_| "an option was refused";
    model.try_set_option("threads", 1).map_err(set)?;
    model.try_set_option("parallel", "off").map_err(set)?;
    model.try_set_option("random_seed", 0).map_err(set)?;
    model.try_set_option("presolve_rule_off", UNSOUND_PRESOLVE_RULE).map_err(set)?;
    model.try_set_option("mip_rel_gap", relative).map_err(set)?;
    model.try_set_option("mip_abs_gap", absolute).map_err(set)?;
    model.try_set_option("mip_max_nodes", nodes).map_err(set)?;
    model.try_set_option("mip_feasibility_tolerance", 1e-7).map_err(set)
}

/// The exact optimum of money and then of the preferences, with every binary as found; none if HiGHS can't.
fn polish(solved: SolvedModel, program: &Program, found: &[f64]) -> Option<Vec<f64>> {
    let columns = columns(program.start.len());
    let mut model = Model::from(solved);
    model.try_set_option("solve_relaxation", true).ok()?;
    model.try_set_option("primal_feasibility_tolerance", TOLERANCE).ok()?;
    model.try_set_option("dual_feasibility_tolerance", TOLERANCE).ok()?;
    for integer in &program.integers {
        let value = found[*integer].round();
        model.change_column_bounds(columns[*integer], value..=value);
    }
    let cheapest = optimum(model)?;
    let money = cheapest.objective_value();
    let values = cheapest.get_solution().columns().to_vec();
    if program.earlier.is_empty() && program.smooth.is_empty() {
        return Some(values);
    }
    let preferred = prefer(Model::from(cheapest), program, &columns, money);
    Some(preferred.unwrap_or(values))
}

/// The preferences, at no more money than `money`.
fn prefer(mut model: Model, program: &Program, columns: &[Col], money: f64) -> Option<Vec<f64>> {
    let costs = program.costs.iter().map(|(column, cost)| (columns[*column], *cost));
    model.try_add_row(..=money + MONEY_SLACK, costs).ok()?;
    for (column, _) in &program.costs {
        model.change_column_cost(columns[*column], 0.0);
    }
    for (column, weight) in &program.earlier {
        model.change_column_cost(columns[*column], *weight);
    }
    for (before, after) in &program.smooth {
        let rise = model.try_add_column(SMOOTHNESS, 0.0.., []).ok()?;
        model.try_add_row(0.0.., [(rise, 1.0), (columns[*before], 1.0), (columns[*after], -1.0)]).ok()?;
    }
    let preferred = optimum(model)?;
    Some(preferred.get_solution().columns()[..program.start.len()].to_vec())
}

fn optimum(model: Model) -> Option<SolvedModel> {
    let solved = model.try_solve().ok()?;
    (solved.status() == HighsModelStatus::Optimal).then_some(solved)
}

/// Handles of the first `count` columns: the crate hands them out only where columns are added, and numbers them in that order.
fn columns(count: usize) -> Vec<Col> {
    let mut problem = RowProblem::default();
    (0..count).map(|_| problem.add_column(0.0, 0.0..)).collect()
}
