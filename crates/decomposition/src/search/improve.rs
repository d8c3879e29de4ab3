//! Local search: one device after the other takes its exact best way, with the choices of all others as they are.

use super::Search;
use crate::incumbent::Incumbent;

/// Cost of a kW of distance from the incumbent's powers, ct per interval, in turn: nearly fixed, then looser.
const WEIGHTS: [f64; 2] = [4.0, 0.5];
/// Most passes over all devices.
const PASSES: usize = 3;

impl Search<'_> {
    /// Improves the best schedule until no device can, or the gap is closed.
    pub(super) fn improve(&mut self) {
        for pass in 0..PASSES {
            let mut better = false;
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

    /// Frees the choices of `store` in `best` and takes its best way again.
    fn improve_store(&mut self, best: &Incumbent, store: usize, weight: f64) -> bool {
        self.lean.powers.clone_from(&best.powers);
        self.prices.clone_from(&best.prices);
        for pair in 0..self.model.shared.len() {
            self.prices.serve_mut(pair).fill(0.0);
        }
        let mut allowed = best.allowed.clone();
        self.release(&mut allowed, store);
        let mut prices = self.prices.clone();
        if !self.decide(&mut allowed, &mut prices, store, weight) || allowed == best.allowed {
            return false;
        }
        // The signs of the other stores and the meter's direction follow anew.
        self.propose(&allowed) && self.finish(allowed)
    }

    /// Opens every choice of `store` that its partner at the compressor leaves, and every sign and direction.
    fn release(&self, allowed: &mut crate::allowed::Allowed, store: usize) {
        let model = &self.model;
        for t in 0..model.intervals {
            allowed.set_direction(t, self.all.direction(t));
        }
        for group in 0..model.groups.len() {
            let decided = self.is_decided(group);
            let own = model.stores[store].ports().any(|port| model.places[port].0 == group);
            for t in 0..model.intervals {
                if !decided || (own && !self.taken_by_partner(allowed, store, t)) {
                    let bits = self.all.group(group, t) & !self.partner_bit(store, group);
                    allowed.set_group(group, t, bits);
                }
            }
        }
    }

    /// Whether the choices of a group are those of a pattern, not signs that follow from it.
    fn is_decided(&self, group: usize) -> bool {
        let order = self.order();
        order.iter().any(|store| self.model.stores[*store].ports().any(|port| self.model.places[port].0 == group))
    }

    fn taken_by_partner(&self, allowed: &crate::allowed::Allowed, store: usize, t: usize) -> bool {
        let port = self.model.partner(store).and_then(|other| self.model.stores[other].ports().next());
        port.is_some_and(|port| allowed.port(&self.model, port, t).1)
    }

    /// The bit of the partner's port, if `group` is the compressor of both.
    fn partner_bit(&self, store: usize, group: usize) -> u8 {
        let port = self.model.partner(store).and_then(|other| self.model.stores[other].ports().next());
        port.filter(|port| self.model.places[*port].0 == group)
            .map_or(0, |port| crate::allowed::port_bit(self.model.places[port].1))
    }
}
