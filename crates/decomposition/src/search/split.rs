//! Where to split a case in two: the choice that the master's solution leaves most undecided.

use super::Search;
use crate::allowed::{Allowed, IDLE, port_bit};
use crate::interval::MeterRule;
use crate::master::{Device, Master};
use crate::model::{Action, Model};
use crate::proof::sides;

/// kW by which a choice must be undecided to be worth a split.
const DECIDED: f64 = 1e-3;
/// What a half-used range counts against power that is impossible.
const HALF_USED: f64 = 0.25;

/// One choice: the first part keeps these bits, the second the others.
#[derive(Debug, Clone, Copy)]
pub(super) struct Split {
    group: usize,
    t: usize,
    bits: u8,
    /// How undecided it is, kW.
    weight: f64,
}

impl Split {
    /// Both parts of `allowed`.
    pub(super) fn parts(&self, model: &Model, allowed: &Allowed) -> [Allowed; 2] {
        let open = allowed.group(self.group, self.t);
        [open & self.bits, open & !self.bits].map(|bits| {
            let mut part = allowed.clone();
            part.set_group(self.group, self.t, bits);
            // A port under a rule that must be in use says where the meter stands.
            let direction = allowed.direction(self.t) & sides(model, &part, self.group, self.t);
            if direction != 0 {
                part.set_direction(self.t, direction);
            }
            part
        })
    }
}

impl Search<'_> {
    /// The most undecided choice at the master's last solution; none if it decides all.
    pub(super) fn split(&self, allowed: &Allowed, master: &Master) -> Option<Split> {
        let mut powers = Vec::new();
        master.powers(&self.model, &mut powers);
        let mut splits = Vec::new();
        for t in 0..self.model.intervals {
            self.undecided_rules(allowed, (master, &powers), t, &mut splits);
        }
        for device in master.devices() {
            if let Device::Store(store) = device
                && self.model.served_by(*store).is_none()
            {
                self.undecided_uses(allowed, (master, &powers), *store, &mut splits);
            }
        }
        splits.into_iter().filter(|split| split.weight > DECIDED).max_by(|a, b| a.weight.total_cmp(&b.weight))
    }

    /// Ports under a rule that are in use on the wrong side of the meter.
    fn undecided_rules(
        &self,
        allowed: &Allowed,
        (master, powers): (&Master, &[f64]),
        t: usize,
        splits: &mut Vec<Split>,
    ) {
        let net = master.net(t);
        for (index, port) in self.model.ports.iter().enumerate() {
            let wrong = match port.rule {
                MeterRule::Free => continue,
                MeterRule::NotWhileImporting => net,
                MeterRule::NotWhileExporting => -net,
            };
            let (group, position) = self.model.places[index];
            let (open, forced) = allowed.port(&self.model, index, t);
            if open && !forced {
                let weight = wrong.min(powers[index * self.model.intervals + t]);
                splits.push(Split { group, t, bits: port_bit(position), weight });
            }
        }
    }

    /// Choices that the columns of `store` make differently, by the power that hangs on them.
    fn undecided_uses(
        &self,
        allowed: &Allowed,
        (master, powers): (&Master, &[f64]),
        store: usize,
        splits: &mut Vec<Split>,
    ) {
        let model = &self.model;
        let Some(first) = model.stores[store].ports().next() else { return };
        let group = model.places[first].0;
        let served = model.partner(store).and_then(|other| model.stores[other].ports().next());
        for t in 0..model.intervals {
            let mut shares = [0.0; 8];
            for (column, weight) in master.weighted(Device::Store(store)) {
                let port = match column.actions[t] {
                    Action::Idle => None,
                    Action::Port(port) => Some(port),
                    Action::Serve => served,
                };
                shares[port.map_or(0, |port| 1 + model.places[port].1)] += weight;
            }
            let ports = &model.groups[group].ports;
            let power: f64 = ports.iter().map(|port| powers[port * model.intervals + t]).sum();
            let undecided = |share: f64| share * (1.0 - share);
            let Some(place) =
                (0..=ports.len()).max_by(|a, b| undecided(shares[*a]).total_cmp(&undecided(shares[*b])))
            else {
                continue;
            };
            let bits = IDLE << place;
            let open = allowed.group(group, t);
            if open & !bits == 0 || open & bits == 0 {
                continue;
            }
            let off = ports
                .iter()
                .map(|port| {
                    (model.ports[*port].least[t] - power).max(power - model.ports[*port].most[t]).max(0.0)
                })
                .fold(power, f64::min);
            let in_use = (1.0 - shares[0]).max(1e-9);
            let weight = off + HALF_USED * undecided(shares[place]) * power / in_use;
            splits.push(Split { group, t, bits, weight });
        }
    }
}
