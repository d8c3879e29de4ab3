//! Ways of devices as columns over all intervals, and the centre of the prices.

use std::rc::Rc;

use super::Relaxation;
use crate::lp::{Outcome, Settings};
use crate::master::{Column, Device};
use crate::model::Model;
use crate::prices::Prices;

impl Relaxation {
    /// Replaces the columns; the weights of each device sum to 1. Returns the index of the first.
    pub(crate) fn write_columns(
        &mut self,
        model: &Model,
        devices: &[Device],
        columns: &[Rc<Column>],
    ) -> usize {
        self.clear_border(model, devices.len());
        self.program.link_rhs_mut().fill(1.0);
        let first = self.program.borders();
        for column in columns {
            self.write_column(model, devices, column);
        }
        first
    }

    fn write_column(&mut self, model: &Model, devices: &[Device], column: &Column) {
        let index = self.program.add_border(0.0, 1.0, column.cost);
        if let Some(link) = devices.iter().position(|device| *device == column.device) {
            self.program.border_link_mut(index)[link] = 1.0;
        }
        for (port, power) in &column.powers {
            let sign = model.ports[*port].sign;
            let balance = self.program.border_coef_mut(index, self.rows.balance);
            balance.iter_mut().zip(power).for_each(|(slot, power)| *slot -= sign * power);
            for coupling in self.couplings.iter().filter(|coupling| coupling.counts(model, *port)) {
                let shares = &coupling.shares[port * model.intervals..];
                let row = self.program.border_coef_mut(index, coupling.row);
                row.iter_mut()
                    .zip(power)
                    .zip(shares)
                    .for_each(|((slot, power), share)| *slot += share * power);
            }
        }
        let Device::Store(store) = column.device else { return };
        let pair =
            model.serves(store).map(|pair| (pair, -1.0)).or(model.served_by(store).map(|pair| (pair, 1.0)));
        if let Some((pair, taken)) = pair {
            let row = self.program.border_coef_mut(index, self.rows.pairs + pair);
            row.iter_mut()
                .zip(&column.serves)
                .for_each(|(slot, serves)| *slot = if *serves { taken } else { 0.0 });
        }
    }

    /// Keeps the duals near `centre`: those of the balance and the couplings, and those of the pairs.
    pub(crate) fn write_centre(&mut self, model: &Model, centre: &Prices, loose: f64) {
        let rows: Vec<usize> = self.coupled_rows().collect();
        for (row, values) in rows.into_iter().zip(centre.duals()) {
            let (at, delta) = self.program.proximal_mut(row);
            at.copy_from_slice(values);
            delta.fill(loose);
        }
        for pair in 0..model.shared.len() {
            let (at, delta) = self.program.proximal_mut(self.rows.pairs + pair);
            at.iter_mut().zip(centre.serve(pair)).for_each(|(at, price)| *at = -price);
            delta.fill(loose * 0.1);
        }
    }

    /// Solves the program as it stands.
    pub(crate) fn resolve(&mut self, settings: &Settings) -> Outcome {
        self.solver.solve(&self.program, settings)
    }

    /// Columns over all intervals at the last solution.
    pub(crate) fn border(&self) -> &[f64] {
        self.solver.border()
    }
}
