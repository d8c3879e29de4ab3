//! Column generation: better prices round by round, and schedules from them.

use super::Search;
use super::construct::fix;
use crate::Effort;
use crate::allowed::Allowed;
use crate::master::{Column, Device, Master};
use crate::oracle::Placement;
use crate::prices::Prices;

/// Most rounds.
const ROUNDS: usize = 20;
/// How far a price moves at first and at least for each kW of imbalance, ct/kW; the factors after a better bound and after none.
const FIRM: f64 = 0.3;
const LEAST_FIRM: f64 = 0.03;
const BETTER: f64 = 1.2;
const NOT_BETTER: f64 = 0.85;

impl Search<'_> {
    /// Raises the bound and looks for better schedules as long as the search goes on and rounds are left.
    pub(super) fn generate(&mut self, master: &mut Master, effort: Effort) {
        let all = self.all.clone();
        let mut centre = self.best_prices.clone();
        let mut firm = FIRM;
        self.evaluate(&mut centre.clone(), master);
        for round in 0..ROUNDS {
            self.seen.drain(..).for_each(|column| master.add(column));
            let mut prices = centre.clone();
            let outcome = master.solve(&self.model, &all, (&centre, firm), &mut prices);
            self.iterations += outcome.iterations;
            if self.evaluate(&mut prices, master) {
                centre.clone_from(&prices);
                firm *= BETTER;
            } else {
                firm = (firm * NOT_BETTER).max(LEAST_FIRM);
            }
            if !self.closed() {
                self.look_for_schedules(master, round, &prices);
            }
            if !self.goes_on(effort) {
                return;
            }
        }
    }

    /// In some of the rounds, constructs a schedule from the master's powers or its heaviest columns.
    fn look_for_schedules(&mut self, master: &Master, round: usize, prices: &Prices) {
        let better = match round % 6 {
            1 => {
                master.powers(&self.model, &mut self.lean.powers);
                self.prices.clone_from(prices);
                self.construct([1.0, 0.0, 4.0][round / 6 % 3])
            }
            4 => self.round_off(master),
            _ => false,
        };
        if better && !self.closed() {
            self.improve();
        }
    }

    /// Offers the schedule in which every device takes its heaviest column.
    fn round_off(&mut self, master: &Master) -> bool {
        let mut allowed = self.all.clone();
        let mut placements = vec![Placement::new(); self.model.runs.len()];
        for device in master.devices() {
            let Some(column) = master.heaviest(*device) else { return false };
            match device {
                Device::Run(run) => placements[*run].clone_from(&column.placement),
                // What a second sink does follows from the first: when it is served.
                Device::Store(store) if self.model.served_by(*store).is_some() => {}
                Device::Store(store) => fix(&self.model, &mut allowed, *store, &column.actions),
            }
        }
        self.take_placements(&placements);
        // Batteries are no columns; those with a least power follow.
        let followers =
            self.order().into_iter().filter(|store| !master.devices().contains(&Device::Store(*store)));
        for store in followers {
            if !self.propose(&allowed) {
                return false;
            }
            let mut prices = self.prices.clone();
            if !self.decide(&mut allowed, &mut prices, store, 1.0) {
                return false;
            }
        }
        self.finish(allowed)
    }

    /// Raises the bound to that at `prices`, if it is better, and says so; what every device did becomes a column.
    fn evaluate(&mut self, prices: &mut Prices, master: &mut Master) -> bool {
        let all = self.all.clone();
        let bound = self.add_columns(prices, &all, master);
        let better = bound > self.bound;
        if better {
            self.bound = bound;
            self.best_prices.clone_from(prices);
        }
        better
    }

    /// Bound at `prices` of what `allowed` leaves; what every device did becomes a column.
    pub(super) fn add_columns(&mut self, prices: &mut Prices, allowed: &Allowed, master: &mut Master) -> f64 {
        let pivot = self.pivot();
        let bound = self.evaluator.bound(&self.model, prices, allowed, pivot);
        if bound == f64::INFINITY {
            return bound;
        }
        for device in master.devices().to_vec() {
            let column = match device {
                Device::Store(store) => Column::of_store(&self.model, store, &self.evaluator.traces[store]),
                Device::Run(run) => Column::of_run(&self.model, run, &self.evaluator.placements[run]),
            };
            master.add(column);
        }
        bound
    }
}
