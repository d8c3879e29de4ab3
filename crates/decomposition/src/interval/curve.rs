//! The money of the grid connection as a curve, whole or for one direction of the meter.

use super::{Meter, MeterRule, SLACK};

/// Which side of the meter a minimum is taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    /// Any net power; only where the money is convex or its kink at zero out of reach.
    Both,
    /// `n >= 0`.
    Import,
    /// `n <= 0`.
    Export,
    /// `n = 0`, where all modes may be used.
    Balance,
}

impl Direction {
    /// Whether a mode with this rule may be used.
    pub(super) fn allows(self, rule: MeterRule) -> bool {
        match rule {
            MeterRule::Free => true,
            MeterRule::NotWhileImporting => matches!(self, Self::Export | Self::Balance),
            MeterRule::NotWhileExporting => matches!(self, Self::Import | Self::Balance),
        }
    }
}

/// Money in ct over net power in kW: four slopes that meet at three knots, between two hard ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Curve {
    /// Slopes in rising order of net power, ct/kW.
    slope: [f64; 4],
    /// Where the slopes meet, kW.
    knot: [f64; 3],
    /// Hard ends, kW.
    pub(super) lowest: f64,
    pub(super) highest: f64,
}

impl Curve {
    pub(super) fn new(meter: &Meter, direction: Direction) -> Self {
        let mut curve = Self {
            slope: [
                meter.export_slope - meter.export_overshoot_slope,
                meter.export_slope,
                meter.import_slope,
                meter.import_slope + meter.import_overshoot_slope,
            ],
            knot: [-meter.export_limit, 0.0, meter.import_limit],
            lowest: -meter.export_most,
            highest: meter.import_most,
        };
        match direction {
            Direction::Both => {}
            Direction::Import => curve.lowest = 0.0,
            Direction::Export => curve.highest = 0.0,
            Direction::Balance => (curve.lowest, curve.highest) = (0.0, 0.0),
        }
        curve
    }

    /// Money at net power `n`, ct.
    pub(super) fn at(&self, n: f64) -> f64 {
        let [a, b, c, d] = self.slope;
        let (below, above) = (self.knot[0], self.knot[2]);
        if n < 0.0 {
            b * n.max(below) + a * (n - below).min(0.0)
        } else {
            c * n.min(above) + d * (n - above).max(0.0)
        }
    }

    /// The parts between `from` and `to`, as (slope, length), in rising order of net power.
    pub(super) fn parts(&self, from: f64, to: f64) -> impl Iterator<Item = (f64, f64)> {
        let start = [f64::NEG_INFINITY, self.knot[0], self.knot[1], self.knot[2]];
        let end = [self.knot[0], self.knot[1], self.knot[2], f64::INFINITY];
        let slope = self.slope;
        (0..4).map(move |i| (slope[i], end[i].min(to) - start[i].max(from))).filter(|part| part.1 > 0.0)
    }

    /// Lowest and highest slope on the part of `reach` between the hard ends; an end that cuts the range off
    /// counts as an infinite slope, because a move across it is not allowed.
    pub(super) fn slopes(&self, reach: (f64, f64)) -> (f64, f64) {
        let (from, to) = reach;
        let inside = self.parts(from.max(self.lowest), to.min(self.highest));
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for (slope, _) in inside {
            low = low.min(slope);
            high = high.max(slope);
        }
        if from < self.lowest - SLACK {
            low = f64::NEG_INFINITY;
        }
        if to > self.highest + SLACK {
            high = f64::INFINITY;
        }
        (low, high)
    }
}
