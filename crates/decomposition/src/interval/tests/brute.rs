//! The judge: for a fixed pivot the minimum lies where every power but one is at an end of a segment and that one is
//! at an end too or brings the net power to a kink. All such points are tried.

use super::super::{Meter, MeterRule, Segment};
use super::instances::{Alternative, Instance};

/// What a float may be off where a point is meant to be on an end or a kink.
const TOUCH: f64 = 1e-11;

/// Money at net power `n`, ct; None beyond the hard ends.
pub(super) fn money(meter: &Meter, n: f64) -> Option<f64> {
    if n > meter.import_most + TOUCH || n < -meter.export_most - TOUCH {
        None
    } else if n > 0.0 {
        let over = (n - meter.import_limit).max(0.0);
        Some(meter.import_slope * n + meter.import_overshoot_slope * over)
    } else {
        let over = (-n - meter.export_limit).max(0.0);
        Some(meter.export_slope * n + meter.export_overshoot_slope * over)
    }
}

pub(super) fn allows(rule: MeterRule, n: f64, slack: f64) -> bool {
    match rule {
        MeterRule::Free => true,
        MeterRule::NotWhileImporting => n <= slack,
        MeterRule::NotWhileExporting => n >= -slack,
    }
}

/// Cost of power `p` in a chain of segments: minus the price times the power nearest to zero, minus the integral of
/// the price from there.
pub(super) fn cost(segments: &[Segment], p: f64) -> f64 {
    let nearest = 0.0f64.clamp(segments[0].lo, segments[segments.len() - 1].hi);
    let home = segments.iter().find(|s| s.lo <= nearest && nearest <= s.hi).unwrap();
    let (from, to, sign) = if p > nearest { (nearest, p, 1.0) } else { (p, nearest, -1.0) };
    let area = |s: &Segment| s.price * (s.hi.min(to) - s.lo.max(from)).max(0.0);
    -home.price * nearest - sign * segments.iter().map(area).sum::<f64>()
}

/// The minimum at pivot power `x`, ct.
pub(super) fn minimum(instance: &Instance, x: f64) -> Option<f64> {
    let free = Segment { lo: 0.0, hi: instance.meter.curtail_max, price: 0.0 };
    let curtail = vec![Alternative { rule: MeterRule::Free, segments: vec![free] }];
    let all: Vec<_> = std::iter::once(&curtail).chain(&instance.followers).collect();
    let mut best = None;
    for inner in std::iter::once(None).chain((0..all.len()).map(Some)) {
        let mut search = Search { instance, all: &all, inner, best: None };
        search.descend(0, instance.meter.base + x, 0.0, &mut vec![instance.rule]);
        best = lower(best, search.best);
    }
    best
}

fn lower(a: Option<f64>, b: Option<f64>) -> Option<f64> {
    a.into_iter().chain(b).min_by(f64::total_cmp)
}

/// All ends of all followers' segments; follower `inner` is set last, onto a kink.
struct Search<'a> {
    instance: &'a Instance,
    all: &'a [&'a Vec<Alternative>],
    inner: Option<usize>,
    best: Option<f64>,
}

impl Search<'_> {
    fn descend(&mut self, d: usize, n: f64, paid: f64, rules: &mut Vec<MeterRule>) {
        if d == self.all.len() {
            return self.finish(n, paid, rules);
        }
        if self.inner == Some(d) {
            return self.descend(d + 1, n, paid, rules);
        }
        for mode in self.all[d] {
            rules.push(mode.rule);
            for p in mode.segments.iter().flat_map(|s| [s.lo, s.hi]) {
                self.descend(d + 1, n + p, paid + cost(&mode.segments, p), rules);
            }
            rules.pop();
        }
    }

    fn finish(&mut self, n: f64, paid: f64, rules: &mut Vec<MeterRule>) {
        let Some(inner) = self.inner else { return self.judge(n, paid, rules) };
        let meter = &self.instance.meter;
        let kinks = [-meter.export_most, -meter.export_limit, 0.0, meter.import_limit, meter.import_most]
            .map(|kink| kink - n);
        for mode in self.all[inner] {
            rules.push(mode.rule);
            let (lo, hi) = (mode.segments[0].lo, mode.segments[mode.segments.len() - 1].hi);
            for p in kinks.into_iter().filter(|&p| p >= lo && p <= hi) {
                self.judge(n + p, paid + cost(&mode.segments, p), rules);
            }
            rules.pop();
        }
    }

    fn judge(&mut self, n: f64, paid: f64, rules: &[MeterRule]) {
        if rules.iter().all(|&rule| allows(rule, n, TOUCH)) {
            self.best = lower(self.best, money(&self.instance.meter, n).map(|money| money + paid));
        }
    }
}
