//! A schedule and prices from an earlier plan: its pattern as far as it is still possible, its multipliers where they prove more.

use offpeak_domain::{Setpoints, WarmStart};

use super::Search;
use crate::allowed::{Allowed, IDLE, port_bit};
use crate::incumbent::NOTHING;
use crate::model::{Action, Model, Run};
use crate::oracle::Placement;
use crate::proof::prices_of;
use crate::setpoints::of_role;

/// Cost of a kW of distance from the earlier powers where a device can't do what it did, ct per interval.
const NEAR: f64 = 4.0;

impl Search<'_> {
    /// Offers the schedule that does what `start` did.
    pub(super) fn repeat(&mut self, start: &WarmStart) -> bool {
        self.place_runs_at_prices();
        let placements: Vec<Placement> = (self.model.runs.iter().zip(&self.placements))
            .map(|(run, cheapest)| {
                placement_of(&self.model, run, &start.setpoints).unwrap_or_else(|| cheapest.clone())
            })
            .collect();
        self.take_placements(&placements);
        let mut allowed = self.all.clone();
        for group in self.decided_groups() {
            for t in 0..self.model.intervals {
                let open = self.all.group(group, t);
                let choices = [bits_of(&self.model, &start.setpoints, (group, t)), IDLE];
                let bits = choices.into_iter().find(|bits| bits & open != 0).unwrap_or(open);
                allowed.set_group(group, t, bits);
            }
        }
        let refused = self.refused(&allowed);
        if refused.is_empty() {
            return self.finish(allowed);
        }
        self.stay_near(&start.setpoints);
        self.free(&mut allowed, &refused);
        self.decide_all(allowed, &refused, NEAR, true)
    }

    /// Raises the bound with the earlier multipliers, if they prove more than the relaxation's.
    pub(super) fn reuse_multipliers(&mut self, start: &WarmStart) {
        if let Some(multipliers) = &start.multipliers {
            let mut prices = prices_of(&self.model, multipliers);
            let pivot = self.pivot();
            self.raise_bound(&mut prices, pivot);
        }
    }

    /// Stores whose automaton can't go through the pattern, in the order in which they are decided, with their partners.
    fn refused(&self, allowed: &Allowed) -> Vec<usize> {
        let refuses = |store: usize| !accepts(&self.model, allowed, store);
        let with_partner = |store: &usize| refuses(*store) || self.model.partner(*store).is_some_and(refuses);
        self.order().into_iter().filter(with_partner).collect()
    }

    fn stay_near(&mut self, setpoints: &Setpoints) {
        self.lean.powers.clear();
        for port in &self.model.ports {
            let powers = of_role(setpoints, port.role);
            let at = |t: usize| powers.and_then(|powers| powers.get(t)).map_or(0.0, |power| power.0);
            self.lean.powers.extend((0..self.model.intervals).map(at));
        }
    }
}

/// The bit of the port that is in use, by its range of powers; of none where nothing flows.
fn bits_of(model: &Model, setpoints: &Setpoints, (group, t): (usize, usize)) -> u8 {
    let ports = model.groups[group].ports.iter().enumerate();
    let fits = ports.filter_map(|(position, port)| {
        let port = &model.ports[*port];
        let power = of_role(setpoints, port.role)?.get(t)?.0;
        let off = (port.least[t] - power).max(power - port.most[t]).max(0.0);
        (power > NOTHING).then_some((port_bit(position), off))
    });
    fits.min_by(|a, b| a.1.total_cmp(&b.1)).map_or(IDLE, |(bit, _)| bit)
}

/// Where an appliance ran; none if that is no placement of it.
fn placement_of(model: &Model, run: &Run, setpoints: &Setpoints) -> Option<Placement> {
    let powers = of_role(setpoints, model.ports[run.port].role)?;
    let first = powers.iter().position(|power| power.0 > NOTHING)?;
    let lead = run.profile.iter().position(|power| *power > NOTHING)?;
    let start = first.checked_sub(lead).filter(|start| run.starts.contains(start))?;
    (!run.interruptible).then(|| (start..start + run.profile.len()).collect())
}

/// Whether the automaton of `store` can go through what `allowed` leaves it.
fn accepts(model: &Model, allowed: &Allowed, store: usize) -> bool {
    let device = &model.stores[store];
    let Some(own) = device.ports().next().filter(|_| device.automaton.states > 1) else { return true };
    let group = model.places[own].0;
    let action = |t: usize| {
        let bits = allowed.group(group, t);
        let mut ports = model.groups[group].ports.iter().enumerate();
        let in_use = ports.find(|(position, _)| bits & port_bit(*position) != 0).map(|(_, port)| *port);
        in_use.map_or(Action::Idle, |port| {
            if device.ports().any(|own| own == port) { Action::Port(port) } else { Action::Serve }
        })
    };
    device.automaton.accepts((0..model.intervals).map(action))
}
