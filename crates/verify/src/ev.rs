//! The least cost of an EV for given prices, or at the meter.

use offpeak_domain::Ev;

use crate::choices::{self, Port};
use crate::function::Function;
use crate::meter::MeterCosts;
use crate::problem::Problem;
use crate::store::{Driven, Effect, Stage, bent, least_cost, ways, widened};

/// The least of wear, shortfalls, urgency, end value and the prices of its powers (for the pivot: the meter's costs), in ct.
pub(crate) fn least(problem: &Problem, index: usize, meter: Option<&[MeterCosts]>) -> f64 {
    let ev = &problem.home.evs[index];
    let driven = ev.driven(problem.intervals());
    let stages: Vec<Stage> = (0..problem.intervals())
        .map(|t| Stage {
            decay: 1.0,
            ways: ways(&choices::ev(problem, index, t), meter.map(|meter| &meter[t]), |port| {
                effect(ev, port, problem.hours[t])
            }),
            driven: (driven[t].0 > 0.0)
                .then_some(Driven { energy: driven[t].0, price_elsewhere: ev.shortfall_price.0 }),
        })
        .collect();
    least_cost(ev.initial_energy.0, &stages, &edges(problem, ev))
}

fn effect(ev: &Ev, port: Port, h: f64) -> Effect {
    match (port, &ev.discharge) {
        (Port::Discharge, Some(discharge)) => Effect {
            gain: -h / discharge.efficiency,
            cost: h * discharge.wear.0,
            least_after: widened(discharge.reserve.0, discharge.reserve.0).0,
        },
        _ => Effect { gain: h * ev.charge_efficiency, cost: 0.0, least_after: f64::NEG_INFINITY },
    }
}

/// What its energy costs at every edge.
fn edges(problem: &Problem, ev: &Ev) -> Vec<Function> {
    let intervals = problem.intervals();
    let (lo, hi) = widened(0.0, ev.capacity.0);
    let mut edges = vec![Function::zero(lo, hi); intervals + 1];
    let mut add = |edge: usize, cost: Function| edges[edge] = edges[edge].plus(&cost);
    for session in &ev.sessions {
        if let Some(target) = session.target {
            add(session.connected.end, bent(lo, hi, target.0, ev.shortfall_price.0, 0.0));
        }
    }
    if let Some(urgent) = &ev.urgent {
        for t in (0..intervals).filter(|t| ev.sessions.iter().any(|one| one.connected.contains(t))) {
            let price = problem.hours[t] * urgent.price_ct_per_kwh_h;
            add(t + 1, bent(lo, hi, urgent.energy.0, price, 0.0));
        }
    }
    if let Some(end) = &ev.end {
        // value * min(energy, target) is what the full target is worth, less what is missing of it.
        let missing = bent(lo, hi, end.target.0, end.value.0, 0.0);
        add(intervals, missing.raised(-end.value.0 * end.target.0));
    }
    edges
}
