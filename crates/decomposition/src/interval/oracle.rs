//! The oracle: one run per direction of the meter, follower by follower, and the lower envelope of the runs.

use super::SLACK;
use super::convex::Convex;
use super::convolve::Convolver;
use super::curve::{Curve, Direction};
use super::envelope::lower;
use super::hull::keep_hull;
use super::line::{Line, Piece};
use super::problem::{Interval, MeterRule};
use super::table::reach_of;
use super::trace::best_step;
use super::trim::Trimmed;

/// Most lines of a function on the way; one with more is replaced by its hull.
const MOST_LINES: usize = 256;

/// What one follower does at a minimum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Choice {
    /// Which of its modes, in the order of `add_mode`.
    pub(crate) mode: u32,
    /// Its power, kW.
    pub(crate) power: f64,
}

/// A minimum at one power of the pivot.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Minimum {
    /// Money minus priced powers, ct.
    pub(crate) cost: f64,
    /// Curtailed generation, kW.
    pub(crate) curtail: f64,
    /// False if a function on the way was replaced by its hull: the cost is a lower bound that the choice may miss.
    pub(crate) exact: bool,
}

/// Finds minima of intervals; owns the memory that this takes.
#[derive(Debug, Default)]
pub(crate) struct IntervalOracle {
    trimmed: Trimmed,
    convex: Convex,
    convolver: Convolver,
    /// Followers that have several modes after trimming, and what later ones of them can add: lowest, highest kW.
    several: Vec<(usize, f64, f64)>,
    /// The function after each of `several`; the first is the convex one.
    levels: Vec<Vec<Line>>,
    total: Vec<Line>,
    spare: Vec<Line>,
    corners: Vec<(f64, f64)>,
    power: Vec<f64>,
    candidate: Vec<Choice>,
}

impl IntervalOracle {
    /// The minimum as a function of the pivot's power on `range` (lowest, highest; kW), whose mode has meter rule
    /// `rule`: `out` becomes its pieces from left to right, without the stretches where nothing is feasible. Returns
    /// whether it is exact; else it is a lower bound (see [`Minimum::exact`]).
    pub(crate) fn pieces(
        &mut self,
        interval: &Interval,
        range: (f64, f64),
        rule: MeterRule,
        out: &mut Vec<Piece>,
    ) -> bool {
        self.total.clear();
        let mut exact = true;
        for direction in directions(interval, range, rule) {
            if self.prepare(interval, direction, range).is_some() {
                let last = self.several.len();
                exact &= self.climb(range, last);
                if self.total.is_empty() {
                    std::mem::swap(&mut self.total, &mut self.levels[last]);
                } else {
                    lower(&mut self.total, &self.levels[last], &mut self.spare);
                }
            }
        }
        out.clear();
        out.extend(self.total.iter().map(Line::piece));
        exact
    }

    /// The minimum at pivot power `x` in kW under meter rule `rule`, and in `choice` what each follower does there;
    /// None if nothing is feasible.
    pub(crate) fn minimum_at(
        &mut self,
        interval: &Interval,
        x: f64,
        rule: MeterRule,
        choice: &mut Vec<Choice>,
    ) -> Option<Minimum> {
        let mut best: Option<Minimum> = None;
        let mut exact = true;
        for direction in directions(interval, (x, x), rule) {
            if self.prepare(interval, direction, (x, x)).is_none() {
                continue;
            }
            let last = self.several.len();
            exact &= last == 0 || self.climb((x, x), last - 1);
            let Some(cost) = self.descend(x) else { continue };
            if best.is_none_or(|best| cost < best.cost) {
                let curtail = if interval.curtails() { self.candidate.remove(0).power } else { 0.0 };
                best = Some(Minimum { cost, curtail, exact });
                std::mem::swap(choice, &mut self.candidate);
            }
        }
        best.map(|best| Minimum { exact, ..best })
    }
}

impl IntervalOracle {
    /// Trim for one direction and gather the convex part; None if the direction is infeasible.
    fn prepare(&mut self, interval: &Interval, direction: Direction, range: (f64, f64)) -> Option<()> {
        let meter = interval.meter.as_ref()?;
        let curve = Curve::new(meter, direction);
        let fixed = (meter.base + range.0, meter.base + range.1);
        let (lo, hi) = self.trimmed.load(&interval.table, direction, &curve, fixed)?;
        let (from, to) = (lo.max(curve.lowest), hi.min(curve.highest));
        if from > to + SLACK {
            return None;
        }
        self.convex.gather(&curve, &self.trimmed.table, meter.base, from, to);
        self.list_several();
        Some(())
    }

    /// List the followers with several modes and sum up from the last what they can add.
    fn list_several(&mut self) {
        let table = &self.trimmed.table;
        self.several.clear();
        self.several
            .extend((0..table.ends.len()).filter(|&d| table.modes_of(d).len() > 1).map(|d| (d, 0.0, 0.0)));
        let mut sum = (0.0, 0.0);
        for (d, lowest, highest) in self.several.iter_mut().rev() {
            (*lowest, *highest) = sum;
            let (lo, hi) = reach_of(table.modes_of(*d)).unwrap_or_default();
            sum = (sum.0 + lo, sum.1 + hi);
        }
        while self.levels.len() <= self.several.len() {
            self.levels.push(Vec::new());
        }
    }

    /// The range of the function after `level` of the followers with several modes.
    fn range_at(&self, level: usize, range: (f64, f64)) -> (f64, f64) {
        let table = &self.trimmed.table;
        let (lowest, highest) = match (level.checked_sub(1), self.several.first()) {
            (Some(before), _) => (self.several[before].1, self.several[before].2),
            (None, Some(&(d, lowest, highest))) => {
                let (lo, hi) = reach_of(table.modes_of(d)).unwrap_or_default();
                (lowest + lo, highest + hi)
            }
            (None, None) => (0.0, 0.0),
        };
        (range.0 + lowest, range.1 + highest)
    }

    /// Fill the levels up to `last`; false if one was replaced by its hull.
    fn climb(&mut self, range: (f64, f64), last: usize) -> bool {
        let convex_range = self.range_at(0, range);
        self.levels[0].clear();
        self.convex.lines(convex_range, &mut self.levels[0]);
        let mut exact = true;
        for level in 1..=last {
            let here = self.range_at(level, range);
            let table = &self.trimmed.table;
            let modes = table.modes_of(self.several[level - 1].0);
            let (done, open) = self.levels.split_at_mut(level);
            self.convolver.follow(&done[level - 1], table, modes, here, &mut open[0]);
            if open[0].len() > MOST_LINES {
                keep_hull(&mut open[0], &mut self.corners);
                exact = false;
            }
        }
        exact
    }

    /// Back from `x` through the levels into `candidate`; returns the cost in ct.
    fn descend(&mut self, x: f64) -> Option<f64> {
        self.start_choice();
        let (mut at, mut total) = (x, None);
        for level in (0..self.several.len()).rev() {
            let table = &self.trimmed.table;
            let d = self.several[level].0;
            let (spot, cost) = best_step(&self.levels[level], table, table.modes_of(d), at)?;
            self.candidate[d] = Choice { mode: spot.origin, power: spot.power };
            at += spot.power;
            total = total.or(Some(cost));
        }
        let cost = total.or_else(|| self.convex.at(at))?;
        self.settle(at);
        Some(cost)
    }

    /// Every follower at the highest power of its first mode.
    fn start_choice(&mut self) {
        let table = &self.trimmed.table;
        self.candidate.clear();
        self.candidate.extend((0..table.ends.len()).map(|d| {
            let mode = &table.modes_of(d)[0];
            Choice { mode: mode.origin, power: mode.hi }
        }));
    }

    /// Set the followers with one mode, where the convex part stands at `x`.
    fn settle(&mut self, x: f64) {
        self.power.clear();
        self.power.extend(self.candidate.iter().map(|choice| choice.power));
        self.convex.give_way(x, &mut self.power);
        let table = &self.trimmed.table;
        for (d, choice) in self.candidate.iter_mut().enumerate() {
            if let [mode] = table.modes_of(d) {
                choice.power = snap(self.power[d], mode.lo, mode.hi);
            }
        }
    }
}

/// The directions whose minima make up the minimum: one for both where no rule depends on the direction and the money
/// is convex or one-sided. Balance adds to import and export only where rules of both kinds meet.
fn directions(
    interval: &Interval,
    range: (f64, f64),
    rule: MeterRule,
) -> impl Iterator<Item = Direction> + use<> {
    let wanted = wanted(interval, range, rule);
    let all = [Direction::Both, Direction::Import, Direction::Export, Direction::Balance];
    all.into_iter().zip(wanted).filter(|(_, wanted)| *wanted).map(|(direction, _)| direction)
}

/// Whether to run both directions in one, import, export, and balance.
fn wanted(interval: &Interval, range: (f64, f64), rule: MeterRule) -> [bool; 4] {
    let Some(meter) = &interval.meter else { return [false; 4] };
    let not_importing = interval.ruled.0 || rule == MeterRule::NotWhileImporting;
    let not_exporting = interval.ruled.1 || rule == MeterRule::NotWhileExporting;
    let ruled = not_importing || not_exporting;
    if !ruled && meter.import_slope >= meter.export_slope {
        return [true, false, false, false];
    }
    let Some(reach) = interval.table.reach(Direction::Balance) else { return [false; 4] };
    let (lo, hi) = (meter.base + range.0 + reach.0, meter.base + range.1 + reach.1);
    let (import, export) = (hi >= -SLACK, lo <= SLACK);
    let crosses = import && export;
    if !ruled && !crosses {
        return [true, false, false, false];
    }
    let balance = crosses && not_importing && not_exporting;
    [false, import && Direction::Import.allows(rule), export && Direction::Export.allows(rule), balance]
}

/// A power brought back to the ends of its mode where rounding has moved it off.
fn snap(power: f64, lo: f64, hi: f64) -> f64 {
    let near = 1e-12 * (1.0 + lo.abs());
    if power < lo + near { lo } else { power.min(hi) }
}
