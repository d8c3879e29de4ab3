//! The least cost of a heat pump's sinks: the main one, which carries the compressor's automaton, and the one it serves.

use crate::choices::{self, Choices, Draw, Port, Rule};
use crate::function::Function;
use crate::heated::{self, Heat};
use crate::meter::MeterCosts;
use crate::piece::Piece;
use crate::problem::{Problem, price};
use crate::sink::Sink;
use crate::store::{back, settled};

/// The least cost of both sinks (of the main one with the meter's costs, for the pivot), in ct.
pub(crate) fn least(problem: &Problem, index: usize, meter: Option<&[MeterCosts]>) -> f64 {
    let pump = &problem.home.heat_pumps[index];
    let prices = &problem.multipliers.heat_pumps[index];
    let rooms = pump.rooms.as_ref().map(|rooms| Sink::rooms(problem, rooms));
    let water = pump.hot_water.as_ref().map(|water| Sink::hot_water(problem, water));
    let main = |sink: &Sink, port: Port, heater: &[f64]| {
        Main { problem, index, sink, port, heater_prices: heater, meter }.least()
    };
    match (&rooms, &water) {
        (Some(rooms), None) => main(rooms, Port::Rooms, &prices.backup),
        (Some(rooms), Some(water)) => {
            main(rooms, Port::Rooms, &prices.backup) + served(problem, index, water)
        }
        (None, Some(water)) => main(water, Port::HotWater, &prices.immersion),
        (None, None) => 0.0,
    }
}

/// The sink that the compressor's automaton belongs to.
struct Main<'a> {
    problem: &'a Problem<'a>,
    index: usize,
    sink: &'a Sink,
    port: Port,
    heater_prices: &'a [f64],
    meter: Option<&'a [MeterCosts]>,
}

impl Main<'_> {
    /// Dynamic programming over heat and how many more intervals the compressor must run, or must pause.
    fn least(&self) -> f64 {
        let (problem, sink) = (self.problem, self.sink);
        let (pump, intervals) = (&problem.home.heat_pumps[self.index], problem.intervals());
        let (min_run, min_pause) = (pump.min_run.clamp(1, intervals), pump.min_pause.clamp(1, intervals));
        let (bound, was_running) = pump.bound_by_state_before(intervals);
        let last = &sink.edges[intervals];
        let mut running = vec![last.clone(); if was_running { min_run.max(bound + 1) } else { min_run }];
        let mut paused = vec![last.clone(); if was_running { min_pause } else { min_pause.max(bound + 1) }];
        for t in (0..intervals).rev() {
            let choices = choices::compressor(problem, self.index, t);
            let run: Vec<Function> =
                running.iter().map(|next| self.run(t, &choices, &settled(next))).collect();
            let rest: Vec<Function> =
                paused.iter().map(|next| self.rest(t, &choices, &settled(next))).collect();
            let started = run[min_run - 1].clone().raised(self.start_cost(t));
            let before = |best: &Function| back(best, sink.decay[t], sink.drift[t], &sink.edges[t]);
            let stopped_or_not = run[0].lower(&rest[min_pause - 1]);
            let started_or_not = rest[0].lower(&started);
            let (must_run, must_pause) = (run.len() - 1, rest.len() - 1);
            running = std::iter::once(&stopped_or_not).chain(&run[..must_run]).map(before).collect();
            paused = std::iter::once(&started_or_not).chain(&rest[..must_pause]).map(before).collect();
        }
        let value = if was_running { &running[bound] } else { &paused[bound] };
        value.at(sink.initial)
    }

    /// What a start in `t` costs: its own cost and the multipliers of the caps that count it.
    fn start_cost(&self, t: usize) -> f64 {
        let pump = &self.problem.home.heat_pumps[self.index];
        let multipliers = &self.problem.multipliers.start_caps[self.index];
        let caps = pump.start_caps.iter().zip(multipliers);
        let counted = caps.filter(|(cap, _)| cap.intervals.contains(&t)).map(|(_, multiplier)| multiplier);
        pump.start_cost.0 + counted.sum::<f64>()
    }

    /// The compressor runs, for this sink or for the other one.
    fn run(&self, t: usize, choices: &Choices, next: &Function) -> Function {
        let own = choices.draws.iter().find(|draw| draw.port == self.port);
        let other = choices.draws.iter().find(|draw| draw.port != self.port);
        let reward = price(&self.problem.multipliers.heat_pumps[self.index].serve, t);
        match self.meter {
            None => {
                let heated = self.heated(t, next);
                let steps: Vec<Piece> = own
                    .map(|draw| draw.costing(draw.price).scaled(self.sink.gain[t] * self.sink.cop[t], 0.0))
                    .into_iter()
                    .chain(other.map(|_| Piece::point(0.0, -reward)))
                    .collect();
                heated.over_steps(&steps)
            }
            Some(meter) => {
                let costs = meter[t].under(Rule::Free);
                let mut steps = Vec::new();
                if let Some(draw) = own {
                    steps.extend(heated::steps(&costs, &self.heat(t, (draw.least, draw.most))));
                }
                if let Some(draw) = other {
                    let serving = costs.over_steps(&[draw.costing(-draw.price)]).raised(-reward);
                    steps.extend(heated::steps(&serving, &self.heat(t, (0.0, 0.0))));
                }
                next.over_steps(&steps)
            }
        }
    }

    /// The compressor rests.
    fn rest(&self, t: usize, choices: &Choices, next: &Function) -> Function {
        match self.meter {
            _ if !choices.idle => Function::default(),
            None => self.heated(t, next),
            Some(meter) => {
                next.over_steps(&heated::steps(&meter[t].under(Rule::Free), &self.heat(t, (0.0, 0.0))))
            }
        }
    }

    fn heated(&self, t: usize, next: &Function) -> Function {
        heater(self.sink, t, price(self.heater_prices, t), next)
    }

    fn heat(&self, t: usize, compressor: (f64, f64)) -> Heat {
        let sink = self.sink;
        Heat { compressor, heater_max: sink.heater_max, cop: sink.cop[t], gain: sink.gain[t] }
    }
}

/// The sink without automaton: it chooses its own intervals and pays for being served.
fn served(problem: &Problem, index: usize, sink: &Sink) -> f64 {
    let prices = &problem.multipliers.heat_pumps[index];
    let mut value = sink.edges[problem.intervals()].clone();
    for t in (0..problem.intervals()).rev() {
        let choices = choices::compressor(problem, index, t);
        let next = heater(sink, t, price(&prices.immersion, t), &settled(&value));
        let water = choices.draws.iter().find(|draw| draw.port == Port::HotWater);
        let not_served = choices.idle || choices.draws.iter().any(|draw| draw.port == Port::Rooms);
        let mut steps: Vec<Piece> = not_served.then(|| Piece::point(0.0, 0.0)).into_iter().collect();
        steps.extend(water.map(|draw| {
            let steps = draw.costing(draw.price).scaled(sink.gain[t] * sink.cop[t], 0.0);
            let serve = price(&prices.serve, t);
            Piece { at_lo: steps.at_lo + serve, at_hi: steps.at_hi + serve, ..steps }
        }));
        value = back(&next.over_steps(&steps), sink.decay[t], sink.drift[t], &sink.edges[t]);
    }
    value.at(sink.initial)
}

/// The heater draws what is best, at its price in ct/kW.
fn heater(sink: &Sink, t: usize, price: f64, next: &Function) -> Function {
    if sink.heater_max <= 0.0 {
        return next.clone();
    }
    let power = Draw::heater(sink.heater_max, price);
    next.over_steps(&[power.costing(price).scaled(sink.gain[t], 0.0)])
}
