//! The bound of one leaf: the sum of all separate minima.

use offpeak_domain::Pivot;

use crate::meter::MeterCosts;
use crate::problem::Problem;
use crate::simplify::EPSILON;
use crate::{appliance, battery, ev, heat_pump};

/// A lower bound in ct, and how far below the exact sum of minima it may lie.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bound {
    pub(crate) value: f64,
    pub(crate) slack: f64,
}

/// What rounding may have added to the sum of minima, in ct: an amount, and a share of each term.
const ROUNDING: f64 = 1e-6;
const ROUNDING_SHARE: f64 = 1e-9;

/// Recomputes the bound of a leaf.
pub(crate) fn recompute(problem: &Problem) -> Bound {
    let meter: Vec<MeterCosts> = (0..problem.intervals()).map(|t| MeterCosts::of(problem, t)).collect();
    let mut terms = devices(problem, &meter);
    terms.extend(constants(problem));
    if problem.multipliers.pivot.is_none() {
        terms.extend(meter.iter().map(MeterCosts::at_rest));
    }
    let sizes: f64 = terms.iter().map(|term| term.abs()).sum();
    if !sizes.is_finite() {
        // A minimum over nothing is infinite: then no schedule belongs to this leaf. Anything else proves nothing.
        let empty = terms.iter().all(|term| *term > f64::NEG_INFINITY);
        return Bound { value: if empty { f64::INFINITY } else { f64::NEG_INFINITY }, slack: 0.0 };
    }
    let rounding = ROUNDING + ROUNDING_SHARE * sizes;
    // A stage of a store loses EPSILON to simplification; as much again covers nudges there, and half of it those at the meter.
    let lost = EPSILON * (problem.intervals() * (2 * stores(problem) + 1)) as f64;
    Bound { value: terms.iter().sum::<f64>() - rounding, slack: lost + 2.0 * rounding }
}

/// The minimum of every device; the pivot's includes the meter's.
fn devices(problem: &Problem, meter: &[MeterCosts]) -> Vec<f64> {
    let home = problem.home;
    let at = |pivot: Pivot| problem.is_pivot(pivot).then_some(meter);
    let batteries =
        (0..home.batteries.len()).map(|index| battery::least(problem, index, at(Pivot::Battery(index))));
    let evs = (0..home.evs.len()).map(|index| ev::least(problem, index, at(Pivot::Ev(index))));
    let pumps =
        (0..home.heat_pumps.len()).map(|index| heat_pump::least(problem, index, at(Pivot::HeatPump(index))));
    let appliances = home.appliances.iter().zip(&problem.multipliers.appliances);
    let appliances = appliances.map(|(one, prices)| appliance::least(one, prices));
    batteries.chain(evs).chain(pumps).chain(appliances).collect()
}

/// What is free within a dualised limit: peaks already reached, starts below their caps.
fn constants(problem: &Problem) -> Vec<f64> {
    let charges = problem.home.grid.peak_charges.iter().zip(&problem.peaks);
    let peaks = charges.map(|(charge, values)| -charge.already_reached.0 * values.iter().sum::<f64>());
    let pumps = problem.home.heat_pumps.iter().zip(&problem.multipliers.start_caps);
    let caps = pumps.flat_map(|(pump, values)| pump.start_caps.iter().zip(values));
    let starts = caps.map(|(cap, value)| -value * cap.most as f64);
    peaks.chain(starts).collect()
}

/// How many dynamic programs over stored quantities there are.
fn stores(problem: &Problem) -> usize {
    let home = problem.home;
    let sinks = home.heat_pumps.iter().flat_map(offpeak_domain::HeatPump::compressions).count();
    home.batteries.len() + home.evs.len() + sinks
}
