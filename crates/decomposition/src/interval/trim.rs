//! Trims the followers to the powers that can be optimal.
//!
//! With the slope of the money anywhere in `[low, high]`, a power above the minimiser of `low * p + cost(p)` is
//! dominated by that minimiser, because coming down saves at least `low` per kW; and a power below the minimiser of
//! `high * p + cost(p)` by that one. Where `low` equals `high` one power per follower is left.

use super::curve::{Curve, Direction};
use super::table::{Mode, Spot, Table, reach_of};

/// Rounds of trimming; each can narrow the reach of the net power and so the slopes of the next.
const ROUNDS: usize = 3;

/// The followers as trimmed last.
#[derive(Debug, Default)]
pub(super) struct Trimmed {
    pub(super) table: Table,
    previous: Table,
}

impl Trimmed {
    /// Trim `all` in one direction, with everything else at the meter in `fixed` (lowest, highest; kW). Returns the
    /// reach of the net power after it, kW; None if a follower has no allowed mode.
    pub(super) fn load(
        &mut self,
        all: &Table,
        direction: Direction,
        curve: &Curve,
        fixed: (f64, f64),
    ) -> Option<(f64, f64)> {
        let mut slopes = curve.slopes(add(fixed, all.reach(direction)?));
        let mut reach = add(fixed, trim(all, direction, slopes, &mut self.table)?);
        for _ in 1..ROUNDS {
            let tighter = curve.slopes(reach);
            if tighter.0 <= slopes.0 && tighter.1 >= slopes.1 {
                break;
            }
            slopes = tighter;
            std::mem::swap(&mut self.table, &mut self.previous);
            reach = add(fixed, trim(&self.previous, direction, slopes, &mut self.table)?);
        }
        Some(reach)
    }
}

/// One round into `out`; returns the reach of the sum of the followers, kW.
fn trim(all: &Table, direction: Direction, slopes: (f64, f64), out: &mut Table) -> Option<(f64, f64)> {
    out.clear();
    let mut reach = (0.0, 0.0);
    for d in 0..all.ends.len() {
        let modes = all.modes_of(d);
        let (top, bottom) = all.best(modes, direction, slopes)?;
        let before = out.modes.len();
        if top.power <= bottom.power {
            push_spot(out, &top);
            reach = add(reach, (top.power, top.power));
        } else {
            let allowed = modes.iter().filter(|mode| direction.allows(mode.rule));
            allowed.for_each(|mode| push_between(all, mode, bottom.power, top.power, out));
            reach = add(reach, reach_of(&out.modes[before..])?);
        }
        out.ends.push(out.modes.len());
    }
    Some(reach)
}

/// Append a mode that is one point.
fn push_spot(out: &mut Table, spot: &Spot) {
    out.push_mode(spot.power, spot.cost, super::MeterRule::Free, spot.origin);
}

/// Append what `lowest..=highest` leaves of a mode.
fn push_between(all: &Table, mode: &Mode, lowest: f64, highest: f64, out: &mut Table) {
    if mode.hi < lowest || mode.lo > highest {
        return;
    }
    let (mut from, mut cost, before) = (mode.lo, mode.cost_lo, out.modes.len());
    for part in Table::parts(mode) {
        let (price, length) = (all.price[part], all.length[part]);
        let to = from + length;
        let (start, end) = (from.max(lowest), to.min(highest));
        if start < end {
            if out.modes.len() == before {
                out.push_mode(start, cost - price * (start - from), mode.rule, mode.origin);
            }
            let is_whole = start <= from && end >= to;
            out.push_part(price, if is_whole { length } else { end - start });
        }
        cost -= price * length;
        from = to;
    }
    if out.modes.len() == before {
        // A point, or a mode that only touches the window.
        let (power, cost) = if mode.lo >= lowest { (mode.lo, mode.cost_lo) } else { (mode.hi, mode.cost_hi) };
        out.push_mode(power, cost, mode.rule, mode.origin);
    }
}

fn add(a: (f64, f64), b: (f64, f64)) -> (f64, f64) {
    (a.0 + b.0, a.1 + b.1)
}
