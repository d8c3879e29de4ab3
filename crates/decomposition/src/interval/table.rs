//! The followers' modes in flat arrays, and the lookups that trimming and tracing need.

use super::curve::Direction;
use super::problem::MeterRule;

/// One convex alternative of a follower: power `lo..=hi`, cut into parts whose prices fall as the power rises.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mode {
    /// Lowest power, kW.
    pub(super) lo: f64,
    /// Highest power, kW.
    pub(super) hi: f64,
    /// Cost at `lo`, ct.
    pub(super) cost_lo: f64,
    /// Cost at `hi`, ct.
    pub(super) cost_hi: f64,
    /// First part, an index into the prices and lengths.
    pub(super) first: usize,
    /// End of the parts (exclusive).
    pub(super) last: usize,
    /// When the meter allows this mode.
    pub(super) rule: MeterRule,
    /// The caller's number of this mode: how many `add_mode` calls of its follower came before.
    pub(super) origin: u32,
}

/// A power of one mode and its cost.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot {
    /// kW.
    pub(super) power: f64,
    /// ct.
    pub(super) cost: f64,
    /// The caller's number of the mode.
    pub(super) origin: u32,
}

/// All modes of all followers.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) modes: Vec<Mode>,
    /// End of each follower's modes (exclusive), an index into `modes`.
    pub(super) ends: Vec<usize>,
    /// Price of each part, ct/kW.
    pub(super) price: Vec<f64>,
    /// Length of each part, kW.
    pub(super) length: Vec<f64>,
}

impl Table {
    pub(super) fn clear(&mut self) {
        self.modes.clear();
        self.ends.clear();
        self.price.clear();
        self.length.clear();
    }

    /// Begin a mode at its lowest power.
    pub(super) fn push_mode(&mut self, lo: f64, cost: f64, rule: MeterRule, origin: u32) {
        let parts = self.price.len();
        self.modes.push(Mode {
            lo,
            hi: lo,
            cost_lo: cost,
            cost_hi: cost,
            first: parts,
            last: parts,
            rule,
            origin,
        });
    }

    /// Lengthen the newest mode by a part, if that has a length; returns the cost at its upper end, ct.
    pub(super) fn push_part(&mut self, price: f64, length: f64) -> f64 {
        let Some(mode) = self.modes.last_mut() else { return 0.0 };
        if length > 0.0 {
            self.price.push(price);
            self.length.push(length);
            mode.last += 1;
            mode.hi += length;
            mode.cost_hi -= price * length;
        }
        mode.cost_hi
    }

    /// The modes of follower `d`.
    pub(super) fn modes_of(&self, d: usize) -> &[Mode] {
        let start = if d == 0 { 0 } else { self.ends[d - 1] };
        &self.modes[start..self.ends[d]]
    }

    /// The parts of a mode, indices into the prices and lengths.
    pub(super) fn parts(mode: &Mode) -> std::ops::Range<usize> {
        mode.first..mode.last
    }

    /// Lowest and highest sum of the followers' powers that `direction` allows, kW; None if a follower has no mode.
    pub(super) fn reach(&self, direction: Direction) -> Option<(f64, f64)> {
        let mut sum = (0.0, 0.0);
        for d in 0..self.ends.len() {
            let allowed = self.modes_of(d).iter().filter(|mode| direction.allows(mode.rule));
            let (lo, hi) = reach_of(allowed)?;
            sum = (sum.0 + lo, sum.1 + hi);
        }
        Some(sum)
    }

    /// The minimisers of `slope * p + cost(p)` over the allowed ones of some modes at the slopes (low, high); of equal
    /// ones the lowest at `low`, the highest at `high`. An infinite slope asks for the highest (`-`) or lowest (`+`)
    /// power.
    pub(super) fn best(
        &self,
        modes: &[Mode],
        direction: Direction,
        slopes: (f64, f64),
    ) -> Option<(Spot, Spot)> {
        let mut allowed = modes.iter().filter(|mode| direction.allows(mode.rule));
        let mut best = self.best_of(allowed.next()?, slopes);
        for mode in allowed {
            let other = self.best_of(mode, slopes);
            if gain(&other.0, &best.0, slopes.0).is_better(other.0.power < best.0.power) {
                best.0 = other.0;
            }
            if gain(&other.1, &best.1, slopes.1).is_better(other.1.power > best.1.power) {
                best.1 = other.1;
            }
        }
        Some(best)
    }

    /// The minimisers within one mode: up the parts while their price is worth the slope.
    fn best_of(&self, mode: &Mode, slopes: (f64, f64)) -> (Spot, Spot) {
        let spot = Spot { power: mode.lo, cost: mode.cost_lo, origin: mode.origin };
        let mut best = (spot, spot);
        for part in Self::parts(mode) {
            let (price, length) = (self.price[part], self.length[part]);
            let cost = price * length;
            if slopes.0 < price {
                best.0 = Spot { power: best.0.power + length, cost: best.0.cost - cost, ..spot };
            }
            if slopes.1 <= price {
                best.1 = Spot { power: best.1.power + length, cost: best.1.cost - cost, ..spot };
            }
        }
        best
    }
}

/// What a spot saves over another, ct.
struct Gain(f64);

impl Gain {
    /// Whether to take it; where nothing is saved, if it lies further in the wanted direction.
    fn is_better(&self, is_further: bool) -> bool {
        self.0 > 0.0 || (self.0 >= 0.0 && is_further)
    }
}

/// What `a` saves over `b` at this slope.
fn gain(a: &Spot, b: &Spot, slope: f64) -> Gain {
    let rise = a.power - b.power;
    if slope.is_finite() || rise.abs() <= 0.0 {
        let money = if slope.is_finite() { slope * rise } else { 0.0 };
        return Gain(b.cost - a.cost - money);
    }
    Gain(-slope * rise)
}

/// Lowest and highest power of some modes, kW; None if there is none.
pub(super) fn reach_of<'a>(modes: impl IntoIterator<Item = &'a Mode>) -> Option<(f64, f64)> {
    let mut modes = modes.into_iter();
    let first = modes.next()?;
    Some(modes.fold((first.lo, first.hi), |reach, mode| (reach.0.min(mode.lo), reach.1.max(mode.hi))))
}
