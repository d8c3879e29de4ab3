//! Multipliers of the Lagrangian bound. Any values give a valid bound; good ones give a tight one.

use crate::model::Model;

/// What the grid side credits and the devices pay.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Prices {
    intervals: usize,
    /// ct per kW over the interval, `[port][t]`.
    port: Vec<f64>,
    /// ct per interval in which a compressor serves its second sink, `[pair][t]`.
    serve: Vec<f64>,
    /// ct per kW of import on top of its price, `[peak charge][t]`, at least 0, each summing to at most the charge.
    peak: Vec<f64>,
    /// Duals of the rows that the ports' prices came from, `[row][t]`: what later ones are kept near.
    duals: Vec<f64>,
    /// ct per start within each cap, `[store][cap]`, at least 0.
    start: Vec<Vec<f64>>,
}

impl Prices {
    /// All zero.
    pub(crate) fn zero(model: &Model) -> Self {
        Self {
            intervals: model.intervals,
            port: vec![0.0; model.ports.len() * model.intervals],
            serve: vec![0.0; model.shared.len() * model.intervals],
            peak: vec![0.0; model.grid.peaks.len() * model.intervals],
            duals: Vec::new(),
            start: model.stores.iter().map(|store| vec![0.0; store.automaton.start_caps.len()]).collect(),
        }
    }

    pub(crate) fn port(&self, port: usize) -> &[f64] {
        &self.port[port * self.intervals..][..self.intervals]
    }

    pub(crate) fn port_mut(&mut self, port: usize) -> &mut [f64] {
        &mut self.port[port * self.intervals..][..self.intervals]
    }

    pub(crate) fn serve(&self, pair: usize) -> &[f64] {
        &self.serve[pair * self.intervals..][..self.intervals]
    }

    pub(crate) fn serve_mut(&mut self, pair: usize) -> &mut [f64] {
        &mut self.serve[pair * self.intervals..][..self.intervals]
    }

    pub(crate) fn peak(&self, peak: usize) -> &[f64] {
        &self.peak[peak * self.intervals..][..self.intervals]
    }

    /// Duals of the rows that the ports' prices came from.
    pub(crate) fn duals(&self) -> impl Iterator<Item = &[f64]> {
        self.duals.chunks_exact(self.intervals)
    }

    pub(crate) fn keep_duals<'a>(&mut self, duals: impl Iterator<Item = &'a [f64]>) {
        self.duals.clear();
        duals.for_each(|row| self.duals.extend_from_slice(row));
    }

    pub(crate) fn start(&self, store: usize) -> &[f64] {
        &self.start[store]
    }

    pub(crate) fn start_mut(&mut self, store: usize) -> &mut [f64] {
        &mut self.start[store]
    }

    /// Moves all prices of ports, `[port * T + t]`, and of serving, `[pair * T + t]`, by `length` along a direction.
    pub(crate) fn step(&mut self, (port, serve): (&[f64], &[f64]), length: f64) {
        self.port.iter_mut().zip(port).for_each(|(price, way)| *price += length * way);
        self.serve.iter_mut().zip(serve).for_each(|(price, way)| *price += length * way);
    }

    /// Sets the multipliers of a peak charge; lowered in proportion where rounding pushes their sum above the charge.
    pub(crate) fn set_peak(&mut self, model: &Model, peak: usize, values: &[f64]) {
        let charge = &model.grid.peaks[peak];
        let slots = &mut self.peak[peak * self.intervals..][..self.intervals];
        slots.fill(0.0);
        let sum: f64 = charge.intervals.clone().map(|t| values[t].max(0.0)).sum();
        let scale = if sum > charge.price.0 { charge.price.0 / sum * (1.0 - 1e-12) } else { 1.0 };
        for t in charge.intervals.clone() {
            slots[t] = values[t].max(0.0) * scale;
        }
    }

    /// What peak charges add to the import slope in interval `t`.
    pub(crate) fn peak_slope(&self, t: usize) -> f64 {
        self.peak.iter().skip(t).step_by(self.intervals.max(1)).sum()
    }
}
