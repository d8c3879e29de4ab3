//! Prices from the duals of the linear program.

use super::Relaxation;
use crate::model::Model;
use crate::prices::Prices;

impl Relaxation {
    /// Writes what a device would pay per kW at the last solution: what the balance and the cut count its power.
    pub(crate) fn write_prices(&self, model: &Model, prices: &mut Prices) {
        let balance = self.solver.dual(self.rows.balance);
        for (index, port) in model.ports.iter().enumerate() {
            let slots = prices.port_mut(index);
            slots.iter_mut().zip(balance).for_each(|(slot, dual)| *slot = port.sign * dual);
            for coupling in self.couplings.iter().filter(|coupling| coupling.counts(model, index)) {
                let shares = &coupling.shares[index * model.intervals..];
                let dual = self.solver.dual(coupling.row);
                slots
                    .iter_mut()
                    .zip(shares)
                    .zip(dual)
                    .for_each(|((slot, share), dual)| *slot -= share * dual);
            }
        }
        prices.keep_duals(self.coupled_rows().map(|row| self.solver.dual(row)));
        for pair in 0..model.shared.len() {
            let dual = self.solver.dual(self.rows.pairs + pair);
            prices.serve_mut(pair).iter_mut().zip(dual).for_each(|(price, dual)| *price = -dual);
        }
        for peak in 0..model.grid.peaks.len() {
            let values: Vec<f64> =
                self.solver.dual(self.rows.peaks + peak).iter().map(|dual| -dual).collect();
            prices.set_peak(model, peak, &values);
        }
    }

    /// The rows whose duals make the prices of ports.
    pub(super) fn coupled_rows(&self) -> impl Iterator<Item = usize> + '_ {
        std::iter::once(self.rows.balance).chain(self.couplings.iter().map(|coupling| coupling.row))
    }
}
