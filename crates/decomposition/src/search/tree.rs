//! The search tree: what prices can't close is split into cases, each with prices of its own. The least of their bounds holds for
//! the home.

use std::rc::Rc;

use super::Search;
use super::split::Split;
use crate::Effort;
use crate::allowed::Allowed;
use crate::master::{Column, Master};
use crate::prices::Prices;

/// Rounds of column generation in a case.
const ROUNDS: usize = 5;
/// How far a price moves at first in a case for each kW of imbalance, ct/kW.
const FIRM: f64 = 0.3;
/// Cost of a kW of distance from the master's powers in the schedules of a case, ct per interval.
const LEAN: f64 = 1.0;

/// Every schedule that keeps to `allowed`, and what bounds its cost.
#[derive(Debug, Clone)]
pub(super) struct Case {
    pub(super) allowed: Allowed,
    pub(super) prices: Prices,
    /// ct
    pub(super) bound: f64,
}

/// A case with the columns that it was bounded with, and where to split it.
struct Node {
    case: Case,
    columns: Vec<Rc<Column>>,
    split: Option<Split>,
}

impl Search<'_> {
    /// Splits the case with the least bound as long as the search goes on and there is something to split.
    pub(super) fn branch(&mut self, master: &mut Master, effort: Effort) {
        let whole = Case { allowed: self.all.clone(), prices: self.best_prices.clone(), bound: self.bound };
        let mut nodes = vec![self.node(whole, master)];
        while self.goes_on(effort) {
            let Some(at) = least(&nodes) else { break };
            let Some(split) = nodes[at].split else { break };
            let parent = nodes.swap_remove(at);
            for allowed in split.parts(&self.model, &parent.case.allowed) {
                let case = self.bound_case(allowed, &parent, master);
                nodes.push(self.node(case, master));
            }
            let bound = nodes.iter().map(|node| node.case.bound).fold(f64::INFINITY, f64::min);
            if bound > self.bound {
                self.bound = bound;
                self.cases = nodes.iter().map(|node| node.case.clone()).collect();
            }
        }
    }

    fn node(&self, case: Case, master: &Master) -> Node {
        let split = if case.bound.is_finite() { self.split(&case.allowed, master) } else { None };
        Node { case, columns: master.columns().to_vec(), split }
    }

    /// Bounds a part of `parent` from its prices and columns on, and looks for a schedule in it.
    fn bound_case(&mut self, allowed: Allowed, parent: &Node, master: &mut Master) -> Case {
        let kept = parent.columns.iter().filter(|column| column.keeps_to(&self.model, &allowed));
        master.take(kept.cloned());
        let prices = parent.case.prices.clone();
        let mut case = Case { allowed, prices: prices.clone(), bound: f64::NEG_INFINITY };
        self.raise(&mut case, prices, master);
        let mut firm = FIRM;
        for _ in 0..ROUNDS {
            if case.bound >= self.enough() {
                return case;
            }
            let mut prices = case.prices.clone();
            let outcome = master.solve(&self.model, &case.allowed, (&case.prices, firm), &mut prices);
            self.iterations += outcome.iterations;
            firm = if self.raise(&mut case, prices, master) { firm * 1.2 } else { (firm * 0.85).max(0.1) };
        }
        master.powers(&self.model, &mut self.lean.powers);
        self.prices = case.prices.clone();
        if self.construct_within(case.allowed.clone(), LEAN) {
            self.improve();
        }
        case
    }

    /// Takes these prices if they prove more; says whether they do.
    fn raise(&mut self, case: &mut Case, mut prices: Prices, master: &mut Master) -> bool {
        let bound = self.add_columns(&mut prices, &case.allowed, master);
        let better = bound > case.bound;
        if better {
            (case.bound, case.prices) = (bound, prices);
        }
        better
    }

    /// A bound that closes the gap to the best schedule, ct.
    pub(super) fn enough(&self) -> f64 {
        let Some(best) = &self.best else { return f64::INFINITY };
        let objective = best.costed.money.objective();
        objective.0 - 0.999 * self.tolerance.allowed(objective).0
    }
}

/// The case with the least bound.
fn least(nodes: &[Node]) -> Option<usize> {
    (0..nodes.len()).min_by(|a, b| nodes[*a].case.bound.total_cmp(&nodes[*b].case.bound))
}
