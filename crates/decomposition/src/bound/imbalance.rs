//! By how much the devices' copies of the powers miss the meter's at a bound: how the bound changes with the prices.

use super::Evaluator;
use crate::model::{Action, Model};
use crate::oracle::{Trace, View};

/// Devices less meter: a supergradient of the bound, which is concave in the prices.
#[derive(Debug, Clone, Default)]
pub(crate) struct Imbalance {
    /// kW, `[port * T + t]`; 0 for the pivot's ports.
    pub(crate) ports: Vec<f64>,
    /// Intervals that a second sink takes (1) less those that it is given, `[pair * T + t]`.
    pub(crate) serve: Vec<f64>,
    /// kW that the devices' own copies draw or give, `[port * T + t]`.
    pub(crate) devices: Vec<f64>,
    meter: Vec<f64>,
}

impl Evaluator {
    /// The imbalance at the last bound, which was that of `view` with this pivot.
    pub(crate) fn imbalance(&mut self, view: View, pivot: usize, out: &mut Imbalance) {
        let model = view.model;
        self.joints.meter_powers(view, (pivot, &self.traces[pivot]), &mut out.meter);
        self.device_powers(model, &mut out.devices);
        out.ports.clear();
        out.ports.extend(out.devices.iter().zip(&out.meter).map(|(device, meter)| device - meter));
        for port in model.stores[pivot].ports() {
            out.ports[port * model.intervals..][..model.intervals].fill(0.0);
        }
        let takes = |trace: &Trace, t: usize| matches!(trace.action[t], Action::Port(_));
        let gives = |trace: &Trace, t: usize| trace.action[t] == Action::Serve;
        let bit = |one: bool| f64::from(u8::from(one));
        out.serve.clear();
        for pair in &model.shared {
            let (main, served) = (&self.traces[pair.main], &self.traces[pair.served]);
            out.serve.extend((0..model.intervals).map(|t| bit(takes(served, t)) - bit(gives(main, t))));
        }
    }

    fn device_powers(&self, model: &Model, powers: &mut Vec<f64>) {
        powers.clear();
        powers.resize(model.ports.len() * model.intervals, 0.0);
        for (device, trace) in model.stores.iter().zip(&self.traces) {
            for t in 0..model.intervals {
                if let Action::Port(port) = trace.action[t] {
                    powers[port * model.intervals + t] = trace.power[t];
                }
                if let Some(heater) = device.heater {
                    powers[heater * model.intervals + t] = trace.heater[t];
                }
            }
        }
        for (run, placement) in model.runs.iter().zip(&self.placements) {
            placement
                .iter()
                .zip(&run.profile)
                .for_each(|(t, kw)| powers[run.port * model.intervals + t] = *kw);
        }
    }
}
