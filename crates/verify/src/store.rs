//! A battery or an EV as a store of one quantity: its least cost by dynamic programming from the last edge to the first.

use crate::choices::{Choices, Draw, Port};
use crate::function::Function;
use crate::meter::MeterCosts;
use crate::piece::Piece;
use crate::simplify::simplified;

/// One interval of a store: `next = decay state + step`, then it drives.
pub(crate) struct Stage {
    pub(crate) decay: f64,
    pub(crate) ways: Vec<Way>,
    pub(crate) driven: Option<Driven>,
}

/// Steps to take, with their costs, and where they may lead at the lowest.
pub(crate) struct Way {
    pub(crate) steps: Vec<Piece>,
    pub(crate) least_after: f64,
}

/// Energy taken at the end of an interval; what the store lacks for it is bought.
pub(crate) struct Driven {
    pub(crate) energy: f64,
    pub(crate) price_elsewhere: f64,
}

/// What a unit of power does to a store and costs it.
pub(crate) struct Effect {
    /// Change of the state per kW.
    pub(crate) gain: f64,
    /// Own cost in ct/kW: wear.
    pub(crate) cost: f64,
    /// Least state after an interval with such power.
    pub(crate) least_after: f64,
}

/// The least cost of a store from `initial`; `edges` are the costs of its state at every edge, over all states that it may have.
pub(crate) fn least_cost(initial: f64, stages: &[Stage], edges: &[Function]) -> f64 {
    let mut value = edges[stages.len()].clone();
    for (stage, edge) in stages.iter().zip(edges).rev() {
        let next = settled(&value);
        let next = stage.driven.as_ref().map_or_else(|| next.clone(), |driven| before_driving(&next, driven));
        let ways = stage.ways.iter().map(|way| {
            if way.least_after.is_finite() {
                next.on(way.least_after, f64::MAX).over_steps(&way.steps)
            } else {
                next.over_steps(&way.steps)
            }
        });
        let best = ways.fold(Function::default(), |best, way| best.lower(&way));
        value = back(&best, stage.decay, 0.0, edge);
    }
    value.at(initial)
}

/// What a stage starts from: spread against rounding, and with fewer pieces.
pub(crate) fn settled(value: &Function) -> Function {
    simplified(&value.spread())
}

/// `x -> after(decay x + drift) + edge(x)`, where the edge's cost is finite.
pub(crate) fn back(after: &Function, decay: f64, drift: f64, edge: &Function) -> Function {
    match (edge.pieces().first(), edge.pieces().last()) {
        (Some(first), Some(last)) => after.before(decay, drift, first.lo, last.hi).plus(edge),
        _ => Function::default(),
    }
}

/// `held -> next(max(0, held - driven)) + price max(0, driven - held)`
fn before_driving(next: &Function, driven: &Driven) -> Function {
    let empty = next.at(0.0);
    let left = next.over_steps(&[Piece::point(-driven.energy, 0.0)]).on(driven.energy, f64::MAX);
    if !empty.is_finite() {
        return left;
    }
    left.lower(&Function::of(&[Piece {
        lo: -1e-6,
        hi: driven.energy,
        at_lo: empty + driven.price_elsewhere * (driven.energy + 1e-6),
        at_hi: empty,
    }]))
}

/// The ways that `choices` leave a store, whose power in the interval is priced or, for the pivot, meets `meter`.
pub(crate) fn ways(
    choices: &Choices,
    meter: Option<&MeterCosts>,
    effect: impl Fn(Port) -> Effect,
) -> Vec<Way> {
    let idle = choices.idle.then(|| Way {
        steps: vec![Piece::point(0.0, meter.map_or(0.0, MeterCosts::at_rest))],
        least_after: f64::NEG_INFINITY,
    });
    let draws = choices.draws.iter().map(|draw| {
        let Effect { gain, cost, least_after } = effect(draw.port);
        let costs = match meter {
            Some(meter) => at_the_meter(&meter.under(draw.rule), draw),
            None => vec![draw.costing(draw.price)],
        };
        Way { steps: costs.iter().map(|piece| piece.scaled(gain, cost)).collect(), least_after }
    });
    // Without a finite cost, idle leads nowhere.
    idle.into_iter().filter(|way| way.steps[0].at_lo.is_finite()).chain(draws).collect()
}

/// What the meter's interval costs over the power of `draw`.
fn at_the_meter(costs: &Function, draw: &Draw) -> Vec<Piece> {
    let sign = draw.sign();
    let (one, other) = (sign * draw.least, sign * draw.most);
    costs.parts(one.min(other), one.max(other)).iter().map(|piece| piece.scaled(sign, 0.0)).collect()
}

/// `below` per unit under `kink` and `above` per unit over it, on `lo..=hi`.
pub(crate) fn bent(lo: f64, hi: f64, kink: f64, below: f64, above: f64) -> Function {
    let cost = |x: f64| below * (kink - x).max(0.0) + above * (x - kink).max(0.0);
    let middle = kink.clamp(lo, hi);
    let piece = |lo: f64, hi: f64| Piece { lo, hi, at_lo: cost(lo), at_hi: cost(hi) };
    Function::of(&[piece(lo, middle), piece(middle, hi)])
}

/// The range `lo..=hi`, a little wider for what rounding needs.
pub(crate) fn widened(lo: f64, hi: f64) -> (f64, f64) {
    let nudge = 1e-10 * lo.abs().max(hi.abs()).max(1.0);
    (lo - nudge, hi + nudge)
}
