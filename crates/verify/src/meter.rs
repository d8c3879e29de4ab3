//! The least that one interval costs at the meter, less what the powers' copies there are paid.

use crate::choices::{Choices, Rule, at_the_meter, of_the_pivot};
use crate::fixings::Who;
use crate::function::Function;
use crate::piece::Piece;
use crate::problem::Problem;

/// How far net power may lie beyond a limit or the wrong side of 0, in kW: what rounding needs.
const TOLERANCE: f64 = 1e-9;

/// What the meter shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shows {
    /// Whatever it likes, where no power asks.
    Anything,
    Import,
    Nothing,
    Export,
}

impl Shows {
    fn permits(self, rule: Rule) -> bool {
        match rule {
            Rule::Free => true,
            Rule::NotWhileImporting => self != Self::Import,
            Rule::NotWhileExporting => self != Self::Export,
        }
    }
}

/// Per meter reading, the least cost in ct of an interval as a function of the pivot's net power in kW.
///
/// `min of cost(load - pv + curtail + pivot + sum of s p) - sum of price p` over the copies of all powers but the pivot's.
pub(crate) struct MeterCosts {
    cases: Vec<(Shows, Function)>,
}

impl MeterCosts {
    /// The costs of interval `t`.
    pub(crate) fn of(problem: &Problem, t: usize) -> Self {
        let groups = at_the_meter(problem, t);
        let pivot = of_the_pivot(problem, t);
        let mut draws = groups.iter().chain(&pivot).flat_map(|group| &group.draws);
        let shows = if draws.all(|draw| draw.rule == Rule::Free) {
            vec![Shows::Anything]
        } else {
            vec![Shows::Import, Shows::Nothing, Shows::Export]
        };
        let case = |shows: Shows| (shows, least_cost(problem, t, shows, &groups));
        Self { cases: shows.into_iter().map(case).collect() }
    }

    /// The costs for a pivot whose power asks for `rule`.
    pub(crate) fn under(&self, rule: Rule) -> Function {
        let permitted = self.cases.iter().filter(|(shows, _)| shows.permits(rule));
        permitted.fold(Function::default(), |least, (_, function)| least.lower(function))
    }

    /// The cost where the pivot is idle, or where there is none.
    pub(crate) fn at_rest(&self) -> f64 {
        self.under(Rule::Free).at(0.0)
    }
}

fn least_cost(problem: &Problem, t: usize, shows: Shows, groups: &[Choices]) -> Function {
    let grid = &problem.home.grid;
    let base = grid.load[t].0 - grid.pv[t].0;
    let mut least = cost_of_net(problem, t, shows).over_steps(&[Piece::point(base, 0.0)]);
    if grid.can_curtail {
        least = least.over_steps(&[Piece::sloped(0.0, grid.pv[t].0, 0.0, 0.0)]);
    }
    for group in groups {
        let permitted = group.draws.iter().filter(|draw| shows.permits(draw.rule));
        let mut powers: Vec<Piece> =
            permitted.map(|draw| draw.costing(-draw.price).scaled(draw.sign(), 0.0)).collect();
        powers.extend(group.idle.then(|| Piece::point(0.0, 0.0)));
        least = least.over_steps(&powers);
    }
    least
}

/// `h (import_value + rho / h) import - h export_price export + h overshoot_price overshoot` over net power.
fn cost_of_net(problem: &Problem, t: usize, shows: Shows) -> Function {
    let (grid, h) = (&problem.home.grid, problem.hours[t]);
    let (import_limit, export_limit) = (grid.import_limit[t].0, grid.export_limit[t].0);
    let most_imported = import_limit + problem.home.import_overshoot_allowed(t).0;
    let most_exported = export_limit + problem.home.export_overshoot_allowed(t).0;
    let peaks: f64 = problem.peaks.iter().map(|values| values[t]).sum();
    let cost = |net: f64| {
        let (import, export) = (net.max(0.0), (-net).max(0.0));
        let over = (import - import_limit).max(0.0) + (export - export_limit).max(0.0);
        import * (h * grid.import_value(t).0 + peaks) - export * h * grid.export_price[t].0
            + over * h * grid.overshoot_price.0
    };
    let lowest = -most_exported - TOLERANCE;
    let highest = most_imported + TOLERANCE;
    let bends = [lowest, -export_limit, 0.0, import_limit, highest];
    let pieces: Vec<Piece> = bends
        .windows(2)
        .map(|ends| Piece { lo: ends[0], hi: ends[1], at_lo: cost(ends[0]), at_hi: cost(ends[1]) })
        .collect();
    let may_import = problem.fixings.allow(Who::Meter, t, 0);
    let may_export = problem.fixings.allow(Who::Meter, t, 1);
    let imports = may_import && matches!(shows, Shows::Anything | Shows::Import);
    let exports = may_export && matches!(shows, Shows::Anything | Shows::Export);
    if !imports && !exports && (shows != Shows::Nothing || !(may_import || may_export)) {
        return Function::default();
    }
    let from = if exports { lowest } else { -TOLERANCE };
    let to = if imports { highest } else { TOLERANCE };
    Function::of(&pieces).on(from, to)
}
