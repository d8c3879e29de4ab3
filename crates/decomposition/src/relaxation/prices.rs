//! Prices from the duals of the linear program.

use super::Relaxation;
use crate::model::Model;
use crate::prices::Prices;

impl Relaxation {
    /// Writes what a device would pay per kW at the last solution: what the balance and the cut count its power.
    pub(crate) fn write_prices(&self, model: &Model, prices: &mut Prices) {
        let balance = self.solver.dual(self.rows.balance);
        let cut = self.solver.dual(self.rows.cut);
        for (index, port) in model.ports.iter().enumerate() {
            let share = &self.cut[index * model.intervals..];
            for (t, price) in prices.port_mut(index).iter_mut().enumerate() {
                *price = port.sign * balance[t] - share[t] * cut[t];
            }
        }
        prices.set_duals(balance, cut);
        for pair in 0..model.shared.len() {
            let dual = self.solver.dual(self.rows.pairs + pair);
            prices.serve_mut(pair).iter_mut().zip(dual).for_each(|(price, dual)| *price = -dual);
        }
        for peak in 0..model.grid.peaks.len() {
            let values: Vec<f64> = self.solver.dual(self.rows.peaks + peak).iter().map(|dual| -dual).collect();
            prices.set_peak(model, peak, &values);
        }
    }
}
