//! Among schedules of the same pattern and money: energy into cars earlier. The interior point itself ends in the middle of
//! all optima, which is where power is smooth.

use super::Search;
use crate::incumbent;
use crate::lp::{Settings, Status};
use crate::model::Role;

/// What a kW of charging costs more in the last interval than in the first, ct: far below any price.
const EARLIER: f64 = 1e-3;
/// How much money the preference may cost, ct: the accuracy of the linear program.
const MONEY_SLACK: f64 = 1e-4;

impl Search<'_> {
    /// Solves the best pattern once more, leaning to early charging, and keeps that if it costs no more.
    pub(super) fn prefer(&mut self) {
        let Some(best) = self.best.clone() else { return };
        let cars = |role| matches!(role, Role::EvCharge(_));
        let ports: Vec<usize> =
            (0..self.model.ports.len()).filter(|port| cars(self.model.ports[*port].role)).collect();
        if ports.is_empty() {
            return;
        }
        let step = EARLIER / self.model.intervals as f64;
        for port in &ports {
            self.relaxation.tilt(&self.model, *port, |t| step * t as f64);
        }
        self.take_placements(&best.placements);
        let outcome = self.relaxation.solve(&self.model, &best.allowed, &self.load, &Settings::default());
        self.iterations += outcome.iterations;
        if outcome.status != Status::Infeasible {
            let parts = (best.placements.as_slice(), &best.prices);
            let found = incumbent::read(self.home, &self.model, &self.relaxation, &best.allowed, parts);
            if let Some(found) = found.filter(|found| found.objective() <= best.objective() + MONEY_SLACK) {
                self.best = Some(found);
            }
        }
        for port in &ports {
            self.relaxation.tilt(&self.model, *port, |_| 0.0);
        }
    }
}
