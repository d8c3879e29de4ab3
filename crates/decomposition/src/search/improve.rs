//! Local search: one device after the other takes its exact best way, with the choices of all others as they are.

use std::collections::BTreeSet;

use super::Search;
use crate::allowed::{Allowed, port_bit};
use crate::incumbent::Incumbent;
use crate::model::Run;
use crate::oracle::Placement;

/// Cost of a kW of distance from the incumbent's powers, ct per interval, in turn: nearly fixed, then looser.
const WEIGHTS: [f64; 2] = [4.0, 0.5];
/// Placements tried of an appliance.
const STARTS: usize = 3;
/// How much dearer a placement may look at the incumbent's prices, ct, to be tried: they are those of its own power.
const WORTH_TRYING: f64 = 3.0;
/// Most passes over all devices.
const PASSES: usize = 3;

impl Search<'_> {
    /// Improves the best schedule until no device can, or the gap is closed.
    pub(super) fn improve(&mut self) {
        for pass in 0..PASSES {
            let mut better = false;
            for run in 0..self.model.runs.len() {
                better |= self.improve_run(run);
            }
            for store in self.order() {
                for weight in WEIGHTS {
                    let Some(best) = self.best.clone() else { return };
                    better |= self.improve_store(&best, store, weight);
                    if self.closed() {
                        return;
                    }
                }
            }
            if !better || pass + 1 == PASSES {
                return;
            }
        }
    }

    /// Tries the placements of an appliance that are cheapest at the incumbent's prices, everything else as it is.
    fn improve_run(&mut self, run: usize) -> bool {
        let mut better = false;
        let mut tried: Vec<Placement> = Vec::new();
        for _ in 0..STARTS {
            let Some(best) = self.best.clone() else { return better };
            if tried.is_empty() {
                tried.push(best.placements[run].clone());
            }
            let data = &self.model.runs[run];
            let price = best.prices.port(data.port);
            let Some(placement) = cheapest_other(data, price, &tried) else { return better };
            tried.push(placement.clone());
            if cost_at(data, price, &placement) > cost_at(data, price, &best.placements[run]) + WORTH_TRYING {
                return better;
            }
            let mut placements = best.placements.clone();
            placements[run] = placement;
            better |= self.retry(&best, &placements);
            if self.closed() {
                return true;
            }
        }
        better
    }

    /// The pattern of `best` with other placements; signs and direction follow anew.
    fn retry(&mut self, best: &Incumbent, placements: &[Placement]) -> bool {
        self.take_placements(placements);
        let mut allowed = best.allowed.clone();
        self.release_signs(&mut allowed);
        self.finish(allowed)
    }

    /// Frees the choices of `store` in `best` and takes its best way again.
    fn improve_store(&mut self, best: &Incumbent, store: usize, weight: f64) -> bool {
        self.lean.powers.clone_from(&best.powers);
        self.prices.clone_from(&best.prices);
        for pair in 0..self.model.shared.len() {
            self.prices.serve_mut(pair).fill(0.0);
        }
        self.take_placements(&best.placements);
        let mut allowed = best.allowed.clone();
        self.release(&mut allowed, store);
        let mut prices = self.prices.clone();
        if !self.decide(&mut allowed, &mut prices, store, weight)
            || self.same_choices(&allowed, &best.allowed, store)
        {
            return false;
        }
        // The signs of the other stores and the meter's direction follow anew.
        self.finish(allowed)
    }

    /// Opens every choice of `store` that its partner at the compressor leaves, and every sign and direction.
    fn release(&self, allowed: &mut Allowed, store: usize) {
        self.release_signs(allowed);
        let model = &self.model;
        let groups: Vec<usize> = model.stores[store].ports().map(|port| model.places[port].0).collect();
        for group in groups {
            for t in 0..model.intervals {
                if !self.taken_by_partner(allowed, store, t) {
                    allowed.set_group(group, t, self.all.group(group, t) & !self.partner_bit(store, group));
                }
            }
        }
    }

    /// Opens every direction, and the groups whose signs follow from the linear program.
    fn release_signs(&self, allowed: &mut Allowed) {
        for t in 0..self.model.intervals {
            allowed.set_direction(t, self.all.direction(t));
        }
        let decided = self.decided_groups();
        for group in (0..self.model.groups.len()).filter(|group| !decided.contains(group)) {
            for t in 0..self.model.intervals {
                allowed.set_group(group, t, self.all.group(group, t));
            }
        }
    }

    /// Whether both have the same choices for `store`.
    fn same_choices(&self, a: &Allowed, b: &Allowed, store: usize) -> bool {
        let mut groups = self.model.stores[store].ports().map(|port| self.model.places[port].0);
        groups.all(|group| (0..self.model.intervals).all(|t| a.group(group, t) == b.group(group, t)))
    }

    /// The groups whose choices are those of a pattern, not signs that follow from it; in rising order.
    pub(super) fn decided_groups(&self) -> BTreeSet<usize> {
        let order = self.order();
        let ports = order.iter().flat_map(|store| self.model.stores[*store].ports());
        ports.map(|port| self.model.places[port].0).collect()
    }

    /// Opens every choice of these stores.
    pub(super) fn free(&self, allowed: &mut Allowed, stores: &[usize]) {
        for port in stores.iter().flat_map(|store| self.model.stores[*store].ports()) {
            let group = self.model.places[port].0;
            (0..self.model.intervals).for_each(|t| allowed.set_group(group, t, self.all.group(group, t)));
        }
    }

    fn taken_by_partner(&self, allowed: &Allowed, store: usize, t: usize) -> bool {
        let port = self.model.partner(store).and_then(|other| self.model.stores[other].ports().next());
        port.is_some_and(|port| allowed.port(&self.model, port, t).1)
    }

    /// The bit of the partner's port, if `group` is the compressor of both.
    fn partner_bit(&self, store: usize, group: usize) -> u8 {
        let port = self.model.partner(store).and_then(|other| self.model.stores[other].ports().next());
        port.filter(|port| self.model.places[*port].0 == group)
            .map_or(0, |port| port_bit(self.model.places[port].1))
    }
}

/// Cost of a placement at `price`, ct.
fn cost_at(run: &Run, price: &[f64], placement: &Placement) -> f64 {
    if placement.is_empty() {
        return run.skip_penalty;
    }
    placement.iter().zip(&run.profile).map(|(t, kw)| kw * price[*t]).sum()
}

/// The cheapest unbroken placement at `price` that is not among `tried`; a run with pauses has its cheapest only.
fn cheapest_other(run: &Run, price: &[f64], tried: &[Placement]) -> Option<Placement> {
    if run.interruptible {
        let mut placement = Placement::new();
        crate::oracle::cheapest(run, price, &mut placement);
        return (!tried.contains(&placement)).then_some(placement);
    }
    let placements =
        run.starts.clone().map(|start| (start..start + run.profile.len()).collect::<Placement>());
    let untried = placements.filter(|placement| !tried.contains(placement));
    untried.min_by(|a, b| cost_at(run, price, a).total_cmp(&cost_at(run, price, b)))
}
