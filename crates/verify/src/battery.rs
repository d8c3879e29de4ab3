//! The least cost of a battery for given prices, or at the meter.

use offpeak_domain::Battery;

use crate::choices::{self, Port};
use crate::function::Function;
use crate::meter::MeterCosts;
use crate::problem::Problem;
use crate::store::{Effect, Stage, bent, least_cost, ways, widened};

/// The least of wear, end terms and the prices of its powers (for the pivot: the meter's costs), in ct.
pub(crate) fn least(problem: &Problem, index: usize, meter: Option<&[MeterCosts]>) -> f64 {
    let battery = &problem.home.batteries[index];
    let stages: Vec<Stage> = (0..problem.intervals())
        .map(|t| {
            let h = problem.hours[t];
            let effect = |port: Port| match port {
                Port::Discharge => Effect {
                    gain: -h / battery.discharge_efficiency,
                    cost: h * battery.wear.0,
                    least_after: f64::NEG_INFINITY,
                },
                _ => {
                    Effect { gain: h * battery.charge_efficiency, cost: 0.0, least_after: f64::NEG_INFINITY }
                }
            };
            let choices = choices::battery(problem, index, t);
            Stage {
                decay: 1.0 - battery.self_discharge_per_hour * h,
                ways: ways(&choices, meter.map(|meter| &meter[t]), effect),
                driven: None,
            }
        })
        .collect();
    least_cost(battery.initial_stored.0, &stages, &edges(problem, battery))
}

/// What the stored energy may be at every edge, and what it is worth at the last one.
fn edges(problem: &Problem, battery: &Battery) -> Vec<Function> {
    let floors = battery.stored_floor(problem.home.horizon.lengths());
    let ranges = floors.iter().map(|floor| widened(floor.0, battery.max_stored.0));
    let mut edges: Vec<Function> = ranges.map(|(lo, hi)| Function::zero(lo, hi)).collect();
    if let (Some(floor), Some(edge)) = (floors.last(), edges.last_mut()) {
        let (lo, hi) = widened(floor.0, battery.max_stored.0);
        *edge = bent(lo, hi, battery.end_floor.0, battery.end_shortfall_price.0, -battery.end_value.0);
    }
    edges
}
