//! The cheapest way through the horizon of one store at given prices.

use crate::allowed::{Allowed, IDLE};
use crate::model::{Action, Arc, Automaton, Model, StoreDevice};
use crate::oracle::Joint;
use crate::prices::Prices;
use crate::store::{Domain, Piece, Side, StoreOptions, StorePath, StoreProblem, StoreSolver};

/// What a store does on its cheapest way.
#[derive(Debug, Clone, Default)]
pub(crate) struct Trace {
    /// What happens in each interval.
    pub(crate) action: Vec<Action>,
    /// Power in kW of the port in use, per interval.
    pub(crate) power: Vec<f64>,
    /// Power in kW of the heater, per interval.
    pub(crate) heater: Vec<f64>,
    /// Compressor starts, by interval.
    pub(crate) starts: Vec<usize>,
    /// Cost of the way at the prices it was sought for, ct.
    pub(crate) cost: f64,
}

/// Builds and solves a store's problem; owns the memory that this takes.
#[derive(Debug, Default)]
pub(crate) struct StoreOracle {
    problem: StoreProblem,
    solver: StoreSolver,
    path: StorePath,
    /// The arcs written, in order, and where each interval's begin.
    written: Vec<Arc>,
    first: Vec<usize>,
}

/// Everything a store's problem is made of.
#[derive(Clone, Copy)]
pub(crate) struct Question<'a> {
    pub(crate) model: &'a Model,
    pub(crate) prices: &'a Prices,
    pub(crate) allowed: &'a Allowed,
    /// Costs of the moves where the store's power has no price; the prices count where there is none.
    pub(crate) joint: Option<&'a Joint>,
}

impl StoreOracle {
    /// A lower bound in ct on the cost of store `index`, and into `trace` a way that costs hardly more; none where no way exists.
    pub(crate) fn solve(&mut self, question: Question, index: usize, trace: &mut Trace) -> Option<f64> {
        self.write(question, index);
        let bound = self.solver.solve(&self.problem, &StoreOptions::default(), &mut self.path)?;
        self.read(question.model, index, trace);
        Some(bound)
    }

    /// Segments of functions written since it was made.
    pub(crate) fn work(&self) -> usize {
        self.solver.work
    }

    fn write(&mut self, question: Question, index: usize) {
        let model = question.model;
        let device = &model.stores[index];
        let (store, automaton) = (&device.store, automaton(question, index));
        self.problem.reset(model.intervals + 1, automaton.states, store.initial, automaton.initial);
        self.written.clear();
        self.first.clear();
        for t in 0..model.intervals {
            self.first.push(self.written.len());
            self.problem.interval(store.decay[t], store.drift[t]);
            if let Some(heater) = device.heater {
                let port = &model.ports[heater];
                let slope = (question.prices.port(heater)[t] + port.cost[t]) / port.gain[t];
                self.problem.heater(port.gain[t] * port.most[t], slope);
            }
            self.write_arcs(question, index, t);
            self.write_edge(device, t);
        }
    }

    fn write_edge(&mut self, device: &StoreDevice, t: usize) {
        let edge = &device.store.edges[t];
        let below = edge.lift_price.map_or(Side::Wall, Side::Clamp);
        self.problem.domain(t + 1, Domain { lo: edge.low, hi: edge.high, below, above: Side::Wall });
        for hinge in &edge.hinges {
            self.problem.hinge(t + 1, hinge.at, hinge.below, hinge.above);
        }
        self.problem.constant(t + 1, edge.constant);
    }

    fn write_arcs(&mut self, question: Question, index: usize, t: usize) {
        let automaton = automaton(question, index);
        let idle_within = idles_within_a_port(question, index, t);
        for arc in &automaton.arcs {
            let own = (index, question.joint.is_some());
            let open = may(question.model, question.allowed, own, arc.action, t);
            if !open || (arc.action == Action::Idle && idle_within) {
                continue;
            }
            let start = if arc.starts { start_cost(question, index, t) } else { 0.0 };
            self.written.push(*arc);
            match arc.action {
                Action::Idle => {
                    self.write_hold(arc, start + question.joint.map_or(0.0, |joint| joint.idle(t)));
                }
                Action::Serve => self.write_hold(arc, start + serve_cost(question, index, t)),
                Action::Port(port) => self.write_port(question, index, (arc, port), start, t),
            }
        }
    }

    fn write_hold(&mut self, arc: &Arc, cost: f64) {
        self.problem.arc(arc.from, arc.to, f64::NEG_INFINITY);
        if cost.is_finite() {
            self.problem.piece(Piece::hold(cost));
        }
    }

    fn write_port(
        &mut self,
        question: Question,
        index: usize,
        (arc, port): (&Arc, usize),
        extra: f64,
        t: usize,
    ) {
        let data = &question.model.ports[port];
        self.problem.arc(arc.from, arc.to, data.floor);
        let served = question.model.served_by(index).filter(|_| question.joint.is_none());
        let extra = extra + served.map_or(0.0, |pair| question.prices.serve(pair)[t]);
        let mut add = |(lo, cost_lo): (f64, f64), (hi, cost_hi): (f64, f64)| {
            let end = |power: f64, cost: f64| (data.gain[t] * power, cost + data.cost[t] * power + extra);
            let ((mut lo, mut cost_lo), (mut hi, mut cost_hi)) = (end(lo, cost_lo), end(hi, cost_hi));
            if lo > hi {
                ((lo, cost_lo), (hi, cost_hi)) = ((hi, cost_hi), (lo, cost_lo));
            }
            self.problem.piece(Piece { lo, hi, cost_lo, cost_hi });
        };
        if let Some(joint) = question.joint {
            for piece in joint.pieces(port, t) {
                let (lo, hi) = (piece.lo * data.sign, piece.hi * data.sign);
                add((lo, piece.cost_lo), (hi, piece.cost_hi));
            }
        } else {
            let (price, least, most) = (question.prices.port(port)[t], data.least[t], data.most[t]);
            add((least, price * least), (most, price * most));
        }
    }

    fn read(&self, model: &Model, index: usize, trace: &mut Trace) {
        let device = &model.stores[index];
        trace.action.clear();
        trace.power.clear();
        trace.heater.clear();
        trace.starts.clear();
        for t in 0..model.intervals {
            let arc = self.written[self.first[t] + self.path.arc[t]];
            let power = match arc.action {
                Action::Port(port) => self.path.step[t] / model.ports[port].gain[t],
                Action::Idle | Action::Serve => 0.0,
            };
            trace.action.push(arc.action);
            trace.power.push(power);
            trace
                .heater
                .push(device.heater.map_or(0.0, |port| self.path.heater[t] / model.ports[port].gain[t]));
            if arc.starts {
                trace.starts.push(t);
            }
        }
        trace.cost = self.path.cost;
    }
}

/// The automaton of a store: that of the whole compressor for a second sink that is the pivot.
fn automaton(question: Question<'_>, index: usize) -> &Automaton {
    let device = &question.model.stores[index];
    device.strict.as_ref().filter(|_| question.joint.is_some()).unwrap_or(&device.automaton)
}

/// What a start costs in interval `t`: its own cost and the multipliers of the caps it counts against.
fn start_cost(question: Question, index: usize, t: usize) -> f64 {
    let automaton = automaton(question, index);
    let caps = automaton.start_caps.iter().zip(question.prices.start(index));
    let preference = question.joint.map_or(0.0, |joint| joint.start_preference);
    preference
        + automaton.start_cost
        + caps.filter(|((cap, _), _)| cap.contains(&t)).map(|(_, price)| price).sum::<f64>()
}

fn serve_cost(question: Question, index: usize, t: usize) -> f64 {
    let paid = question.model.serves(index).map_or(0.0, |pair| question.prices.serve(pair)[t]);
    question.joint.map_or(0.0, |joint| joint.serve(t)) - paid
}

/// Whether a port's range holds zero, so that being idle needs no arc of its own.
fn idles_within_a_port(question: Question, index: usize, t: usize) -> bool {
    let device = &question.model.stores[index];
    device.automaton.states == 1
        && question.joint.is_none()
        && device.automaton.arcs.iter().any(|arc| match arc.action {
            Action::Port(own) => {
                let port = &question.model.ports[own];
                let open = question.allowed.port(question.model, own, t).0;
                open && port.least[t] <= 0.0 && port.floor.is_infinite()
            }
            Action::Idle | Action::Serve => false,
        })
        && question.model.served_by(index).is_none()
}

/// Whether `allowed` leaves the store this action; the whole compressor's automaton counts for a sink that is the pivot.
pub(crate) fn may(
    model: &Model,
    allowed: &Allowed,
    (store, is_pivot): (usize, bool),
    action: Action,
    t: usize,
) -> bool {
    match action {
        Action::Port(port) => allowed.port(model, port, t).0,
        Action::Serve => model
            .partner(store)
            .and_then(|other| model.stores[other].ports().next())
            .is_some_and(|port| allowed.port(model, port, t).0),
        Action::Idle => may_idle(model, allowed, (store, is_pivot), t),
    }
}

/// Whether the store may stand still. A served sink stands still also while the compressor serves the other one.
fn may_idle(model: &Model, allowed: &Allowed, (store, is_pivot): (usize, bool), t: usize) -> bool {
    let Some(port) = model.stores[store].ports().next() else { return true };
    if model.served_by(store).is_some() && !is_pivot {
        return !allowed.port(model, port, t).1;
    }
    allowed.group(model.places[port].0, t) & IDLE != 0
}
