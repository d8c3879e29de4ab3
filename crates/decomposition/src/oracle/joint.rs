//! The costs of a pivot's moves: in each interval, the least money of everything else at each power of the pivot.
//!
//! The pivot's power has no price of its own. Its stage costs hold the kink of the money, the priced powers of all other
//! devices with their least powers, and the rules of the meter; its dynamic program then couples them over time.

use crate::allowed::IDLE;
use crate::interval::{Choice, Interval, IntervalOracle, MeterRule, Piece};
use crate::model::{Action, Model};
use crate::oracle::interval::port_chosen;
use crate::oracle::{Trace, View, write_interval};
use crate::prices::Prices;

/// Stage costs of one store that is the pivot, in ct.
#[derive(Debug, Default)]
pub(crate) struct Joint {
    idle: Vec<f64>,
    serve: Vec<f64>,
    pieces: Vec<Piece>,
    /// Ranges of `pieces`, `[port of the pivot][t]`.
    ranges: Vec<std::ops::Range<usize>>,
    ports: Vec<usize>,
    /// What a start counts on top of its cost, ct; 0 in a bound.
    pub(crate) start_preference: f64,
    /// Sum of the sizes of all costs, for the rounding allowance.
    pub(crate) size: f64,
}

impl Joint {
    /// Cost of interval `t` with the pivot idle; infinite where the rules forbid that.
    pub(crate) fn idle(&self, t: usize) -> f64 {
        self.idle[t]
    }

    /// Least cost of interval `t` with the compressor serving its other sink, less the price of that sink's power.
    pub(crate) fn serve(&self, t: usize) -> f64 {
        self.serve[t]
    }

    /// Cost of interval `t` over the pivot's net power through `port`, in kW with the meter's sign.
    pub(crate) fn pieces(&self, port: usize, t: usize) -> &[Piece] {
        let place = self.ports.iter().position(|own| *own == port).unwrap_or(0);
        &self.pieces[self.ranges[place * self.idle.len() + t].clone()]
    }
}

/// Computes stage costs; owns the memory that this takes.
#[derive(Debug, Default)]
pub(crate) struct JointOracle {
    interval: Interval,
    oracle: IntervalOracle,
    found: Vec<Piece>,
    choice: Vec<Choice>,
}

impl JointOracle {
    /// Stage costs of the pivot `store`.
    pub(crate) fn write(&mut self, view: View, store: usize, joint: &mut Joint) {
        let View { model, prices, allowed, .. } = view;
        joint.ports.clear();
        joint.ports.extend(model.stores[store].ports());
        joint.pieces.clear();
        joint.ranges.clear();
        joint.ranges.resize(joint.ports.len() * model.intervals, 0..0);
        joint.idle.clear();
        joint.serve.clear();
        joint.size = 0.0;
        let group = joint.ports.first().map(|port| model.places[*port].0);
        let served_port = model.partner(store).and_then(|other| model.stores[other].ports().next());
        for t in 0..model.intervals {
            write_interval(&mut self.interval, view, t, group);
            joint.idle.push(self.minimum(0.0));
            joint.size += joint.idle[t].abs().min(1e6);
            for place in 0..joint.ports.len() {
                let port = joint.ports[place];
                let from = joint.pieces.len();
                if allowed.port(model, port, t).0 {
                    self.range(model, port, t);
                    joint.pieces.extend_from_slice(&self.found);
                }
                joint.ranges[place * model.intervals + t] = from..joint.pieces.len();
            }
            let serve = served_port.filter(|port| allowed.port(model, *port, t).0);
            joint.serve.push(serve.map_or(f64::INFINITY, |port| self.serve(model, prices, port, t)));
        }
    }

    /// Least cost of the interval with no pivot at all; none where it is infeasible.
    pub(crate) fn without_pivot(&mut self, view: View, t: usize) -> Option<f64> {
        write_interval(&mut self.interval, view, t, None);
        let cost = self.minimum(0.0);
        cost.is_finite().then_some(cost)
    }

    /// What the meter's copies of all powers do while the pivot `store` goes its way, into `powers` `[port * T + t]`, kW.
    pub(crate) fn meter_powers(
        &mut self,
        view: View,
        (store, trace): (usize, &Trace),
        powers: &mut Vec<f64>,
    ) {
        let View { model, allowed, .. } = view;
        powers.clear();
        powers.resize(model.ports.len() * model.intervals, 0.0);
        let own = model.stores[store].ports().next().map(|port| model.places[port].0);
        for t in 0..model.intervals {
            write_interval(&mut self.interval, view, t, own);
            let (port, power) = self.pivot_power(view, (store, trace), t);
            let (mut x, mut rule) = (0.0, MeterRule::Free);
            if let Some(port) = port {
                powers[port * model.intervals + t] = power;
                (x, rule) = (model.ports[port].sign * power, model.ports[port].rule);
            }
            if self.oracle.minimum_at(&self.interval, x, rule, &mut self.choice).is_none() {
                continue;
            }
            let groups = model.groups.iter().enumerate();
            let followers = groups.filter(|(at, _)| Some(*at) != own && allowed.group(*at, t) != IDLE);
            for ((at, group), choice) in followers.zip(&self.choice) {
                if let Some((port, power)) = port_chosen(model, group, (allowed.group(at, t), t), *choice) {
                    powers[port * model.intervals + t] = power;
                }
            }
        }
    }

    /// The port of the pivot's group that is in use in interval `t` and its power: the other sink's best while that is served.
    fn pivot_power(
        &mut self,
        View { model, prices, .. }: View,
        (store, trace): (usize, &Trace),
        t: usize,
    ) -> (Option<usize>, f64) {
        match trace.action[t] {
            Action::Idle => (None, 0.0),
            Action::Port(port) => (Some(port), trace.power[t]),
            Action::Serve => {
                let port = model.partner(store).and_then(|other| model.stores[other].ports().next());
                let Some(port) = port else { return (None, 0.0) };
                self.range(model, port, t);
                let price = prices.port(port)[t];
                let ends = self
                    .found
                    .iter()
                    .flat_map(|piece| [(piece.lo, piece.cost_lo), (piece.hi, piece.cost_hi)]);
                let best = ends.min_by(|a, b| (a.1 - price * a.0).total_cmp(&(b.1 - price * b.0)));
                (Some(port), best.map_or(0.0, |(power, _)| power))
            }
        }
    }

    fn minimum(&mut self, x: f64) -> f64 {
        let least = self.oracle.minimum_at(&self.interval, x, MeterRule::Free, &mut self.choice);
        least.map_or(f64::INFINITY, |least| least.cost)
    }

    fn range(&mut self, model: &Model, port: usize, t: usize) {
        let port = &model.ports[port];
        let (least, most) = (port.least[t], port.most[t]);
        let range = if port.sign > 0.0 { (least, most) } else { (-most, -least) };
        self.oracle.pieces(&self.interval, range, port.rule, &mut self.found);
    }

    fn serve(&mut self, model: &Model, prices: &Prices, port: usize, t: usize) -> f64 {
        self.range(model, port, t);
        let price = prices.port(port)[t];
        let ends = self
            .found
            .iter()
            .flat_map(|piece| [piece.cost_lo - price * piece.lo, piece.cost_hi - price * piece.hi]);
        ends.fold(f64::INFINITY, f64::min)
    }
}
