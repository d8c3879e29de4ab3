//! Column generation: a linear program over ways that devices were seen to take, which proposes better prices.
//!
//! Batteries, the meter and its cuts stand in it as in the relaxation. Every other device is a convex combination of its
//! columns, each one way through the horizon. Its duals are the prices at which the columns found so far are equally good;
//! they are kept near a centre, the prices of the best bound, because far from it the columns say nothing (proximal
//! bundle method: K. C. Kiwiel, Math. Programming 46, 1990).

mod column;

use std::rc::Rc;

use crate::allowed::Allowed;
use crate::lp::{Outcome, Settings};
use crate::model::{Model, Role};
use crate::prices::Prices;
use crate::relaxation::Relaxation;

pub(crate) use column::{Column, Device};

/// Columns kept per device.
const MOST_COLUMNS: usize = 14;
/// Weight in a combination below which a column is not in use.
const UNUSED: f64 = 1e-4;

/// The master program and its columns.
#[derive(Debug)]
pub(crate) struct Master {
    relaxation: Relaxation,
    devices: Vec<Device>,
    columns: Vec<Rc<Column>>,
    /// Solves since each column was last in use.
    idle: Vec<usize>,
    /// Weight of each column at the last solution.
    weights: Vec<f64>,
}

impl Master {
    pub(crate) fn of(model: &Model) -> Self {
        let linear = |store: usize| {
            let mut ports = model.stores[store].ports().map(|port| model.ports[port].role);
            ports.all(|role| matches!(role, Role::BatteryCharge(_) | Role::BatteryDischarge(_)))
        };
        let stores = (0..model.stores.len()).filter(|store| !linear(*store)).map(Device::Store);
        let devices = stores.chain((0..model.runs.len()).map(Device::Run)).collect();
        let relaxation = Relaxation::of(model, linear);
        Self { relaxation, devices, columns: Vec::new(), idle: Vec::new(), weights: Vec::new() }
    }

    /// Adds a column unless it is there already.
    pub(crate) fn add(&mut self, column: Column) {
        if self.devices.contains(&column.device) && !self.columns.iter().any(|known| known.is_same(&column)) {
            self.columns.push(Rc::new(column));
            self.idle.push(0);
        }
    }

    /// All columns.
    pub(crate) fn columns(&self) -> &[Rc<Column>] {
        &self.columns
    }

    /// Goes on with these columns instead.
    pub(crate) fn take(&mut self, columns: impl Iterator<Item = Rc<Column>>) {
        self.columns.clear();
        self.columns.extend(columns);
        self.idle.clear();
        self.idle.resize(self.columns.len(), 0);
        self.weights.clear();
    }

    /// Solves with the prices kept near `centre`, and writes the new ones. A price moves by `firm` ct/kW for each kW of
    /// imbalance.
    pub(crate) fn solve(
        &mut self,
        model: &Model,
        allowed: &Allowed,
        (centre, firm): (&Prices, f64),
        prices: &mut Prices,
    ) -> Outcome {
        self.drop_idle_columns();
        // Runs are columns, so they are no load.
        self.relaxation.bound(model, allowed, &vec![0.0; model.intervals]);
        let first = self.relaxation.write_columns(model, &self.devices, &self.columns);
        self.relaxation.write_centre(model, centre, 1.0 / firm);
        let outcome = self.relaxation.resolve(&Settings { gap: 1e-5, ..Settings::default() });
        self.weights.clear();
        self.weights.extend_from_slice(&self.relaxation.border()[first..]);
        for (idle, weight) in self.idle.iter_mut().zip(&self.weights) {
            *idle = if *weight > UNUSED { 0 } else { *idle + 1 };
        }
        self.relaxation.write_prices(model, prices);
        outcome
    }

    /// Keeps the columns of each device that were in use most recently.
    fn drop_idle_columns(&mut self) {
        for device in self.devices.clone() {
            let mut own: Vec<usize> =
                (0..self.columns.len()).filter(|at| self.columns[*at].device == device).collect();
            if own.len() > MOST_COLUMNS {
                own.sort_by_key(|at| (self.idle[*at], std::cmp::Reverse(*at)));
                let mut dropped: Vec<usize> = own.split_off(MOST_COLUMNS);
                dropped.sort_unstable_by_key(|at| std::cmp::Reverse(*at));
                for at in dropped {
                    self.columns.remove(at);
                    self.idle.remove(at);
                }
            }
        }
    }

    /// Powers of all ports at the last solution, `[port * T + t]` in kW.
    pub(crate) fn powers(&self, model: &Model, powers: &mut Vec<f64>) {
        powers.clear();
        powers.resize(model.ports.len() * model.intervals, 0.0);
        for (port, slots) in powers.chunks_exact_mut(model.intervals).enumerate() {
            slots.iter_mut().zip(self.relaxation.power(port)).for_each(|(slot, power)| *slot = *power);
        }
        for (column, weight) in self.columns.iter().zip(&self.weights) {
            for (port, power) in &column.powers {
                let slots = &mut powers[port * model.intervals..][..model.intervals];
                slots.iter_mut().zip(power).for_each(|(slot, power)| *slot += weight * power);
            }
        }
    }

    /// The column of `device` with the largest weight.
    pub(crate) fn heaviest(&self, device: Device) -> Option<&Column> {
        self.weighted(device).max_by(|a, b| a.1.total_cmp(&b.1)).map(|(column, _)| column)
    }

    /// The columns of `device` with their weights at the last solution.
    pub(crate) fn weighted(&self, device: Device) -> impl Iterator<Item = (&Column, f64)> {
        let weighted = self.columns.iter().zip(&self.weights);
        weighted.filter(move |(column, _)| column.device == device).map(|(column, w)| (&**column, *w))
    }

    /// Net power at the last solution in interval `t`, kW.
    pub(crate) fn net(&self, t: usize) -> f64 {
        self.relaxation.net(t)
    }

    /// The devices that have columns.
    pub(crate) fn devices(&self) -> &[Device] {
        &self.devices
    }
}
