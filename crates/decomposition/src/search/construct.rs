//! A schedule from prices: one device after the other takes its exact best way, the rest still priced; then the linear
//! program with every choice fixed.

use super::Search;
use crate::allowed::{Allowed, EXPORT, IDLE, IMPORT, port_bit};
use crate::incumbent::{self, NOTHING};
use crate::interval::MeterRule;
use crate::lp::Settings;
use crate::master::Column;
use crate::model::{Action, Model};
use crate::oracle::Question;
use crate::prices::Prices;

impl Search<'_> {
    /// Decides every choice in turn, appliances first, and offers the schedule.
    pub(super) fn construct(&mut self, weight: f64) -> bool {
        self.construct_within(self.all.clone(), weight)
    }

    /// The same with no more choices than `allowed` leaves.
    pub(super) fn construct_within(&mut self, allowed: Allowed, weight: f64) -> bool {
        self.place_runs_at_prices();
        self.decide_all(allowed, &self.order(), weight, true)
    }

    /// The same from the bound just computed: what it decides first is known already.
    pub(super) fn construct_from_bound(&mut self) -> bool {
        let order = self.order();
        let Some((first, rest)) = order.split_first() else { return self.construct(0.0) };
        if self.pivot() != Some(*first) && self.model.served_by(*first).is_none() {
            return self.construct(0.0);
        }
        self.place_runs_at_prices();
        let mut allowed = self.all.clone();
        fix(&self.model, &mut allowed, *first, &self.evaluator.traces[*first].action);
        self.decide_all(allowed, rest, 0.0, false)
    }

    /// Decides these stores in turn, with the prices at hand for the first one if they are `fresh`.
    pub(super) fn decide_all(
        &mut self,
        mut allowed: Allowed,
        stores: &[usize],
        weight: f64,
        fresh: bool,
    ) -> bool {
        for (place, store) in stores.iter().enumerate() {
            let at_hand = fresh && place == 0;
            if !at_hand && !self.propose(&allowed) {
                return false;
            }
            let mut prices = self.prices.clone();
            if !self.decide(&mut allowed, &mut prices, *store, weight) {
                return false;
            }
        }
        self.finish(allowed)
    }

    /// Settles directions and signs as a relaxation has them, solves exactly, and offers the schedule.
    pub(super) fn finish(&mut self, mut allowed: Allowed) -> bool {
        if !self.tried.is_new(&allowed, &self.placements) {
            return false;
        }
        let needs_signs = (0..self.model.intervals).any(|t| self.needs_direction(t) || self.burning_pays(t));
        if needs_signs {
            if !self.propose(&allowed) {
                return false;
            }
            self.settle_signs(&mut allowed);
        }
        let Some(mut relaxed) = self.polish(&allowed) else { return false };
        if self.settle_both_ways(&mut allowed) {
            let Some(again) = self.polish(&allowed) else { return false };
            relaxed = again;
        }
        self.relaxation.write_prices(&self.model, &mut self.prices);
        let found = incumbent::read(
            self.home,
            &self.model,
            &self.relaxation,
            &allowed,
            (&self.placements, &self.prices),
        );
        let skipped = self.skipped();
        let better = self.offer(found);
        if let (true, Some(best)) = (better, &self.best) {
            let money = &best.costed.money;
            self.tried.constant = money.objective().0 - money.starts.0 - skipped - relaxed;
        }
        better
    }

    /// Solves with every choice fixed, exactly; the objective, unless there is no solution worth having.
    fn polish(&mut self, allowed: &Allowed) -> Option<f64> {
        self.relax(allowed, Settings::default())
    }

    /// Where a store goes both ways at once under a meter's rule, leaves it the stronger one: netting the two would move the
    /// meter to the side that the rule forbids. Says whether there was such an interval.
    fn settle_both_ways(&self, allowed: &mut Allowed) -> bool {
        let both = |t: usize| {
            self.model.groups.iter().any(|group| {
                group
                    .ports
                    .iter()
                    .filter(|port| self.relaxation.power(**port).get(t).is_some_and(|kw| *kw > NOTHING))
                    .count()
                    > 1
            })
        };
        let intervals: Vec<usize> =
            (0..self.model.intervals).filter(|t| self.needs_direction(*t) && both(*t)).collect();
        for t in &intervals {
            self.settle_burning(allowed, *t);
        }
        !intervals.is_empty()
    }

    /// Stores whose ways must be decided: second sinks first, then what has an automaton, then the largest least power.
    pub(super) fn order(&self) -> Vec<usize> {
        let model = &self.model;
        let key = |store: &usize| {
            let device = &model.stores[*store];
            let least =
                device.ports().map(|port| model.ports[port].least.iter().fold(0.0, |a: f64, b| a.max(*b)));
            let floor = device.ports().any(|port| model.ports[port].floor.is_finite());
            let rank = if model.served_by(*store).is_some() {
                3.0
            } else if device.automaton.states > 1 {
                2.0
            } else {
                0.0
            };
            (rank, least.fold(if floor { 1.0 } else { 0.0 }, f64::max))
        };
        let mut order: Vec<usize> = (0..model.stores.len()).filter(|store| key(store) > (0.0, 0.0)).collect();
        order.sort_by(|a, b| key(b).partial_cmp(&key(a)).unwrap_or(std::cmp::Ordering::Equal).then(a.cmp(b)));
        order
    }

    /// Fixes the choices of `store` to its best way at `prices`; false if it has none.
    pub(super) fn decide(
        &mut self,
        allowed: &mut Allowed,
        prices: &mut Prices,
        store: usize,
        weight: f64,
    ) -> bool {
        let settled = self.model.partner(store).is_some_and(|other| self.is_settled(allowed, other));
        let found = if self.model.served_by(store).is_some() && !settled {
            self.evaluator.follower(Question { model: &self.model, prices, allowed, joint: None }, store)
        } else {
            self.lean.weight = weight;
            self.lean.powers.resize(self.model.ports.len() * self.model.intervals, 0.0);
            self.evaluator.pivot(&self.model, prices, (allowed, Some(&self.lean)), store)
        };
        if found.is_some() {
            let trace = &self.evaluator.traces[store];
            fix(&self.model, allowed, store, &trace.action);
            self.seen.push(Column::of_store(&self.model, store, trace));
        }
        found.is_some()
    }

    /// Whether the ways of `store` are fixed: its port is in use or not in every interval.
    fn is_settled(&self, allowed: &Allowed, store: usize) -> bool {
        self.model.stores[store].ports().all(|port| {
            (0..self.model.intervals).all(|t| {
                let (open, forced) = allowed.port(&self.model, port, t);
                open == forced
            })
        })
    }

    /// Where a rule or the money asks for the meter's direction, or a store could burn energy, takes the side of the last relaxation.
    fn settle_signs(&self, allowed: &mut Allowed) {
        for t in 0..self.model.intervals {
            if self.needs_direction(t) {
                self.settle_direction(allowed, t);
            }
            if self.burning_pays(t) {
                self.settle_burning(allowed, t);
            }
        }
    }

    fn needs_direction(&self, t: usize) -> bool {
        let model = &self.model;
        model.grid.pays_to_circulate(t)
            || model.ports.iter().any(|port| port.rule != MeterRule::Free && port.usable(t))
    }

    /// The side on which the home would be without the ports under a rule.
    fn settle_direction(&self, allowed: &mut Allowed, t: usize) {
        let ruled = self.model.ports.iter().enumerate().filter(|(_, port)| port.rule != MeterRule::Free);
        let by_rule: f64 = ruled.map(|(index, port)| port.sign * self.relaxation.power(index)[t]).sum();
        let imports = self.relaxation.net(t) - by_rule >= 0.0;
        let direction = if imports { IMPORT } else { EXPORT };
        allowed.set_direction(t, direction);
        let forbidden = if imports { MeterRule::NotWhileImporting } else { MeterRule::NotWhileExporting };
        for (index, _) in self.model.ports.iter().enumerate().filter(|(_, port)| port.rule == forbidden) {
            let (group, position) = self.model.places[index];
            let bits = allowed.group(group, t) & !port_bit(position);
            allowed.set_group(group, t, if bits == 0 { IDLE } else { bits });
        }
    }

    fn burning_pays(&self, t: usize) -> bool {
        let grid = &self.model.grid;
        grid.import_slope[t].min(grid.export_slope[t]) < 0.0
            || (grid.curtail[t] <= 0.0 && grid.base[t] < -grid.export_limit[t])
    }

    /// Leaves each group only the port that moves its store more.
    fn settle_burning(&self, allowed: &mut Allowed, t: usize) {
        let model = &self.model;
        for (group, members) in model.groups.iter().enumerate().filter(|(_, members)| members.ports.len() > 1)
        {
            let step = |port: &usize| (self.relaxation.power(*port)[t] * model.ports[*port].gain[t]).abs();
            let Some(strongest) = members.ports.iter().max_by(|a, b| step(a).total_cmp(&step(b))) else {
                continue;
            };
            let bits = allowed.group(group, t) & (IDLE | port_bit(model.places[*strongest].1));
            if bits != 0 {
                allowed.set_group(group, t, bits);
            }
        }
    }
}

/// Fixes the choices of `store` to what it does in each interval.
pub(super) fn fix(model: &Model, allowed: &mut Allowed, store: usize, actions: &[Action]) {
    let Some(own) = model.stores[store].ports().next() else { return };
    let group = model.places[own].0;
    let served = model.partner(store).and_then(|other| model.stores[other].ports().next());
    // A second sink by itself leaves open whether the compressor idles or serves the first.
    let is_served = model.served_by(store).is_some() && !actions.contains(&Action::Serve);
    for (t, action) in actions.iter().enumerate() {
        let bits = match action {
            Action::Port(port) => port_bit(model.places[*port].1),
            Action::Serve => served.map_or(IDLE, |port| port_bit(model.places[port].1)),
            Action::Idle if is_served => allowed.group(group, t) & !port_bit(model.places[own].1),
            Action::Idle => IDLE,
        };
        // A battery with no least power stays free to use either port.
        let open = allowed.group(group, t);
        if bits & open != 0 && needs_choice(model, store, t) {
            allowed.set_group(group, t, bits & open);
        }
    }
}

/// Whether the store's power in interval `t` is not simply a range through zero.
fn needs_choice(model: &Model, store: usize, t: usize) -> bool {
    model.stores[store].automaton.states > 1
        || model.served_by(store).is_some()
        || model.stores[store].ports().any(|port| {
            let port = &model.ports[port];
            port.usable(t) && (port.least[t] > 0.0 || port.floor.is_finite())
        })
}
