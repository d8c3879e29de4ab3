//! The grid and all followers that have one mode: a convex function, as sorted slopes laid end to end.
//!
//! With their cost `F(z)` of their sum `z`, it is `min_n g(n) + F(n - base - x)`: the infimal convolution of `g` with
//! the mirror of `F`. Its parts are those of `g` and, since a follower comes DOWN as `x` rises and so gives up its
//! price, one part of slope `price` for each part of a mode, in rising order of slope.

use super::SLACK;
use super::curve::Curve;
use super::line::{Line, Walk};
use super::table::Table;

/// Owner of the parts that belong to the grid.
const GRID: usize = usize::MAX;

#[derive(Debug, Clone, Copy)]
struct Part {
    /// ct per kW of the pivot.
    slope: f64,
    /// kW.
    length: f64,
    /// The follower that gives way along this part, or [`GRID`].
    owner: usize,
}

/// The convex function of one run.
#[derive(Debug, Default)]
pub(super) struct Convex {
    parts: Vec<Part>,
    /// Where it begins, with every follower at its highest power: kW of the pivot, ct.
    start: (f64, f64),
}

impl Convex {
    /// Gather the grid between net powers `from..=to` in kW and the followers with one mode; the pivot and the other
    /// followers count from `base` in kW.
    pub(super) fn gather(&mut self, curve: &Curve, table: &Table, base: f64, from: f64, to: f64) {
        self.parts.clear();
        self.start = (from - base, curve.at(from));
        self.parts.extend(curve.parts(from, to).map(|(slope, length)| Part { slope, length, owner: GRID }));
        for owner in 0..table.ends.len() {
            if let [mode] = table.modes_of(owner) {
                self.start = (self.start.0 - mode.hi, self.start.1 + mode.cost_hi);
                for part in Table::parts(mode) {
                    insert(
                        &mut self.parts,
                        Part { slope: table.price[part], length: table.length[part], owner },
                    );
                }
            }
        }
    }

    /// The function on `range`, into `out`.
    pub(super) fn lines(&self, range: (f64, f64), out: &mut Vec<Line>) {
        let mut walk = Walk::new(out, range, self.start);
        self.parts.iter().for_each(|part| walk.step(part.slope, part.length));
        walk.finish();
    }

    /// Cost at `x`, ct; None if it is infeasible there.
    pub(super) fn at(&self, x: f64) -> Option<f64> {
        let (mut from, mut cost) = self.start;
        if x < from - SLACK {
            return None;
        }
        for part in &self.parts {
            if x <= from + part.length {
                return Some(cost + part.slope * (x - from).max(0.0));
            }
            from += part.length;
            cost += part.slope * part.length;
        }
        (x <= from + SLACK).then_some(cost)
    }

    /// Lower `power`, the highest powers of the followers, to those at `x`.
    pub(super) fn give_way(&self, x: f64, power: &mut [f64]) {
        let mut from = self.start.0;
        for part in &self.parts {
            if part.owner != GRID {
                power[part.owner] -= (x - from).clamp(0.0, part.length);
            }
            from += part.length;
        }
    }
}

/// Insert into a list sorted by slope, after equal slopes.
fn insert(parts: &mut Vec<Part>, part: Part) {
    let mut i = parts.len();
    parts.push(part);
    while i > 0 && parts[i - 1].slope > part.slope {
        parts[i] = parts[i - 1];
        i -= 1;
    }
    parts[i] = part;
}
