//! Column generation: better prices round by round, and schedules from them.

use super::Search;
use super::construct::fix;
use crate::allowed::Allowed;
use crate::master::{Column, Device, Master};
use crate::oracle::{Placement, Question};
use crate::prices::Prices;

/// Most rounds.
const ROUNDS: usize = 20;

impl Search<'_> {
    /// Raises the bound and looks for better schedules until both meet or the rounds are over.
    pub(super) fn generate(&mut self, master: &mut Master) {
        let all = self.all.clone();
        let mut centre = self.best_prices.clone();
        let mut firm = 1.0;
        self.evaluate(&mut centre.clone(), master);
        for round in 0..ROUNDS {
            let mut prices = centre.clone();
            let outcome = master.solve(&self.model, &all, (&centre, firm), &mut prices);
            self.iterations += outcome.iterations;
            let before = self.bound;
            let bound = self.evaluate(&mut prices, master);
            if bound > before {
                centre = prices.clone();
                firm *= 1.2;
            } else {
                firm = (firm * 0.85).max(0.1);
            }
            if self.closed() {
                return;
            }
            if round % 6 == 4 && self.round_off(master) {
                self.improve();
            }
            if self.closed() {
                return;
            }
            if round % 6 == 1 {
                master.powers(&self.model, &mut self.lean.powers);
                self.prices = prices.clone();
                let weight = [1.0, 0.0, 4.0][round / 6 % 3];
                if self.construct(weight) {
                    self.improve();
                }
                if self.closed() {
                    return;
                }
            }
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

    /// Bound at `prices`; what every device did becomes a column.
    fn evaluate(&mut self, prices: &mut Prices, master: &mut Master) -> f64 {
        let all = self.all.clone();
        let bound = self.add_columns(prices, &all, master);
        if bound > self.bound {
            self.bound = bound;
            self.best_prices = prices.clone();
        }
        bound
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
        // The pivot's way was the best beside everything else; the master also needs the best at its own prices.
        if let Some(store) = pivot {
            let question = Question { model: &self.model, prices, allowed, joint: None };
            if self.evaluator.follower(question, store).is_some() {
                master.add(Column::of_store(&self.model, store, &self.evaluator.traces[store]));
            }
        }
        bound
    }
}
