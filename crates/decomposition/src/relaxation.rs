//! A home as a linear program over ports, states and the meter: the proposer of prices, and, with every choice fixed, the
//! exact schedule for that pattern.
//!
//! It ignores least powers, minimum runs and starts; per interval with a surplus it has one cut that the least powers
//! imply at the meter. Nothing of it is trusted by the bound, which is valid for any prices.

mod build;
mod columns;
mod coupling;
mod prices;
#[cfg(test)]
mod tests;

use crate::allowed::{Allowed, EXPORT, IMPORT};
use crate::lp::{Family, InteriorPoint, Outcome, Program, Settings};
use crate::model::Model;

pub(crate) use build::LOOSE;
use coupling::Coupling;

/// The linear program of a home; bounds change from solve to solve, its structure does not.
#[derive(Debug)]
pub(crate) struct Relaxation {
    program: Program,
    solver: InteriorPoint,
    meter: MeterFamilies,
    /// The family of each port; none for one that is no part of the program.
    ports: Vec<Option<Family>>,
    /// Families of the segments of each store's state, in rising order.
    segments: Vec<Vec<Family>>,
    couplings: Vec<Coupling>,
    rows: Rows,
}

#[derive(Debug)]
struct MeterFamilies {
    import: Family,
    import_over: Family,
    export: Family,
    export_over: Family,
    curtail: Family,
}

/// Where the rows of an interval stand: one per store, then balance, couplings, shared compressors, peaks.
#[derive(Debug, Clone, Copy)]
struct Rows {
    balance: usize,
    pairs: usize,
    peaks: usize,
}

impl Relaxation {
    /// Solves with the choices that are `allowed` and `load[t]` kW drawn by appliances.
    pub(crate) fn solve(
        &mut self,
        model: &Model,
        allowed: &Allowed,
        load: &[f64],
        settings: &Settings,
    ) -> Outcome {
        self.bound(model, allowed, load);
        self.solver.solve(&self.program, settings)
    }

    /// Sets every bound that depends on what is allowed, and the load.
    pub(crate) fn bound(&mut self, model: &Model, allowed: &Allowed, load: &[f64]) {
        self.bound_meter(model, allowed, load);
        for port in 0..model.ports.len() {
            self.bound_port(model, allowed, port);
            if model.ports[port].floor.is_finite() {
                self.keep_floor(model, allowed, port);
            }
        }
    }

    /// Sets what a kW through `port` costs beside its own cost, ct per interval.
    pub(crate) fn tilt(&mut self, model: &Model, port: usize, tilt: impl Fn(usize) -> f64) {
        let Some(family) = self.ports[port] else { return };
        let costs = self.program.cost_mut(family).iter_mut().zip(&model.ports[port].cost);
        costs.enumerate().for_each(|(t, (slot, cost))| *slot = cost + tilt(t));
    }

    fn bound_meter(&mut self, model: &Model, allowed: &Allowed, load: &[f64]) {
        let grid = &model.grid;
        for (t, load) in load.iter().enumerate() {
            let direction = allowed.direction(t);
            let may = |bit: u8, most: f64| if direction & bit != 0 { most } else { 0.0 };
            self.program.upper_mut(self.meter.import)[t] = may(IMPORT, grid.import_limit[t]);
            self.program.upper_mut(self.meter.import_over)[t] = may(IMPORT, grid.import_over[t]);
            self.program.upper_mut(self.meter.export)[t] = may(EXPORT, grid.export_limit[t].min(LOOSE));
            self.program.upper_mut(self.meter.export_over)[t] = may(EXPORT, grid.export_over[t]);
            // With both directions open, exporting may not pay more than importing costs: that would be a circle.
            let both = direction == IMPORT | EXPORT;
            let pay =
                if both { grid.export_slope[t].min(grid.import_slope[t]) } else { grid.export_slope[t] };
            self.program.cost_mut(self.meter.export)[t] = -pay;
            self.program.cost_mut(self.meter.export_over)[t] = grid.overshoot_slope[t] - pay;
            self.program.rhs_mut(self.rows.balance)[t] = grid.base[t] + load;
        }
    }

    fn bound_port(&mut self, model: &Model, allowed: &Allowed, port: usize) {
        let data = &model.ports[port];
        let Some(family) = self.ports[port] else { return };
        for t in 0..model.intervals {
            let (open, forced) = allowed.port(model, port, t);
            self.program.lower_mut(family)[t] = if forced { data.least[t] } else { 0.0 };
            self.program.upper_mut(family)[t] = if open { data.most[t] } else { 0.0 };
        }
    }

    /// The state after every interval in which the port must be in use is at least its floor.
    fn keep_floor(&mut self, model: &Model, allowed: &Allowed, port: usize) {
        let Some(store) = model.stores.iter().position(|store| store.ports().any(|own| own == port)) else {
            return;
        };
        for t in 0..model.intervals {
            let forced = allowed.port(model, port, t).1;
            let floor = model.ports[port].floor - model.stores[store].store.edges[t].low;
            let mut left = if forced { floor } else { 0.0 };
            for family in &self.segments[store] {
                let length = self.program.upper(*family)[t];
                self.program.lower_mut(*family)[t] = left.clamp(0.0, length);
                left -= length;
            }
        }
    }

    /// Power of a port at the last solution, kW per interval; empty for one that is no part of the program.
    pub(crate) fn power(&self, port: usize) -> &[f64] {
        self.ports[port].map_or(&[], |family| self.solver.x(family))
    }

    /// Generation thrown away at the last solution, kW per interval.
    pub(crate) fn curtail(&self) -> &[f64] {
        self.solver.x(self.meter.curtail)
    }

    /// Net power at the last solution in interval `t`, kW.
    pub(crate) fn net(&self, t: usize) -> f64 {
        let at = |family| self.solver.x(family)[t];
        let MeterFamilies { import, import_over, export, export_over, .. } = self.meter;
        at(import) + at(import_over) - at(export) - at(export_over)
    }
}
