//! Back from a function to the power of the follower that made it.

use super::SLACK;
use super::line::Line;
use super::table::{Mode, Spot, Table};

/// The best power of one follower before the function `lines`: minimises `E(x + p) + cost(p)`. Returns the power with
/// its mode, and the minimum in ct; None if nothing is feasible.
pub(super) fn best_step(lines: &[Line], table: &Table, modes: &[Mode], x: f64) -> Option<(Spot, f64)> {
    let mut best: Option<(Spot, f64)> = None;
    for mode in modes {
        let mut part = Line { lo: mode.lo, hi: mode.lo, cost: mode.cost_lo, slope: 0.0 };
        if mode.first == mode.last {
            take_lower(&mut best, lines, &part, x, mode.origin);
        }
        for index in Table::parts(mode) {
            let hi = part.hi + table.length[index];
            part = Line { lo: part.hi, hi, cost: part.end_cost(), slope: -table.price[index] };
            take_lower(&mut best, lines, &part, x, mode.origin);
        }
    }
    best
}

/// Replace `best` by the best power on `part`, if that is lower.
fn take_lower(best: &mut Option<(Spot, f64)>, lines: &[Line], part: &Line, x: f64, origin: u32) {
    for line in lines {
        let Some((power, total)) = lowest_together(line, part, x) else { continue };
        if best.is_none_or(|best| total < best.1) {
            *best = Some((Spot { power, cost: part.at(power), origin }, total));
        }
    }
}

/// Minimum over `p` on `part` with `x + p` on `line`: two linear functions, so at an end of the overlap.
fn lowest_together(line: &Line, part: &Line, x: f64) -> Option<(f64, f64)> {
    let (lo, hi) = (part.lo.max(line.lo - x), part.hi.min(line.hi - x));
    if lo > hi + SLACK {
        return None;
    }
    let power = (if line.slope + part.slope < 0.0 { hi } else { lo }).clamp(part.lo, part.hi);
    let on_line = (x + power).clamp(line.lo, line.hi);
    Some((power, line.at(on_line) + part.at(power)))
}
