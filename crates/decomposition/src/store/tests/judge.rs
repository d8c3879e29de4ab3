//! Recomputes a schedule with nothing but the equations.

use crate::store::problem::Arc;
use crate::store::{Domain, Piece, Side, StorePath, StoreProblem};

const TOLERANCE: f64 = 1e-8;

/// The state after an arrival at `y` and its price; none outside a wall.
pub(super) fn settle(domain: Domain, y: f64, tolerance: f64) -> Option<(f64, f64)> {
    let mut state = y;
    let mut price = 0.0;
    if y < domain.lo {
        match domain.below {
            Side::Wall if y < domain.lo - tolerance => return None,
            Side::Wall => {}
            Side::Clamp(each) => (state, price) = (domain.lo, each * (domain.lo - y)),
        }
    }
    if y > domain.hi {
        match domain.above {
            Side::Wall if y > domain.hi + tolerance => return None,
            Side::Wall => {}
            Side::Clamp(each) => (state, price) = (domain.hi, each * (y - domain.hi)),
        }
    }
    Some((state, price))
}

/// One decision: the state after it and its cost with the penalty of the edge; none if it is not allowed.
pub(super) fn go(
    problem: &StoreProblem,
    t: usize,
    x: f64,
    (arc, piece): (&Arc, &Piece),
    (step, heat): (f64, f64),
    tolerance: f64,
) -> Option<(f64, f64)> {
    let interval = &problem.intervals[t];
    let edge = problem.edge(t + 1);
    let arrival = interval.decay * x + interval.drift + step + heat;
    let (state, price) = settle(edge.domain, arrival, tolerance)?;
    if state < arc.floor - tolerance {
        return None;
    }
    let share = if piece.hi > piece.lo { (step - piece.lo) / (piece.hi - piece.lo) } else { 0.0 };
    let own = piece.cost_lo + share * (piece.cost_hi - piece.cost_lo);
    let help = interval.heater.map_or(0.0, |heater| heater.slope * heat);
    Some((state, own + help + price + edge.penalty.at(state)))
}

/// The exact cost of a schedule; panics where it breaks a rule.
pub(super) fn audit(problem: &StoreProblem, path: &StorePath) -> f64 {
    let (mut x, mut k, mut cost) = (problem.start, problem.start_state, 0.0);
    assert_eq!(path.arc.len(), problem.len());
    for t in 0..problem.len() {
        let arc = &problem.arcs(t)[path.arc[t]];
        let piece = &problem.pieces(arc)[path.piece[t]];
        let (step, heat) = (path.step[t], path.heater[t]);
        assert_eq!(arc.from, k);
        assert!(step >= piece.lo && step <= piece.hi, "step {step} outside {piece:?}");
        assert!(heat >= 0.0 && heat <= problem.intervals[t].heater.map_or(0.0, |heater| heater.hi));
        let (next, paid) =
            go(problem, t, x, (arc, piece), (step, heat), TOLERANCE).expect("a wall or a floor");
        assert!((next - path.state[t + 1]).abs() < 1e-12);
        (x, k, cost) = (next, arc.to, cost + paid);
    }
    cost
}
