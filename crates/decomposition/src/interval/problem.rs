//! The data of one interval: the meter and the priced followers, in a builder that is reused.

use super::table::Table;

/// Money and limits of the grid connection in one interval, as a function of the net power `n` in kW.
///
/// Slopes are ct per kW with the length of the interval folded in. All limits are `>= 0` kW and the `*_most` ends are
/// hard and not below their limits; they may be infinite.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Meter {
    /// Net power of everything inflexible, kW.
    pub(crate) base: f64,
    /// Most generation that can be curtailed, kW.
    pub(crate) curtail_max: f64,
    /// Cost of one more kW of import, ct/kW.
    pub(crate) import_slope: f64,
    /// Import from which on the overshoot is charged, kW.
    pub(crate) import_limit: f64,
    /// Hard end of import, kW.
    pub(crate) import_most: f64,
    /// Cost of a kW above `import_limit`, on top of `import_slope`, ct/kW, `>= 0`.
    pub(crate) import_overshoot_slope: f64,
    /// Earning of one more kW of export, ct/kW: money is `export_slope * n` for `n < 0`.
    pub(crate) export_slope: f64,
    /// Export from which on the overshoot is charged, kW.
    pub(crate) export_limit: f64,
    /// Hard end of export, kW.
    pub(crate) export_most: f64,
    /// Cost of a kW of export above `export_limit`, taken off `export_slope`, ct/kW, `>= 0`.
    pub(crate) export_overshoot_slope: f64,
}

/// When the meter allows a mode; zero net power is neither importing nor exporting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MeterRule {
    /// Always.
    Free,
    /// Only while `n <= 0`.
    NotWhileImporting,
    /// Only while `n >= 0`.
    NotWhileExporting,
}

/// A stretch of power `lo..=hi` in kW at one price in ct per kW; its cost is `-price * p`, with the sign of `p`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Segment {
    /// Lowest power, kW.
    pub(crate) lo: f64,
    /// Highest power, kW.
    pub(crate) hi: f64,
    /// Price of the power, ct/kW.
    pub(crate) price: f64,
}

/// One interval: meter and followers. If generation can be curtailed, that is follower 0 inside, at price zero.
#[derive(Debug, Default)]
pub(crate) struct Interval {
    pub(super) meter: Option<Meter>,
    pub(super) table: Table,
    /// Whether a mode may not be used while (importing, exporting).
    pub(super) ruled: (bool, bool),
    next_origin: u32,
}

impl Interval {
    /// Start over with a new meter and no followers; keeps the memory.
    pub(crate) fn clear(&mut self, meter: Meter) {
        self.table.clear();
        self.ruled = (false, false);
        self.meter = Some(meter);
        if self.curtails() {
            self.begin_follower();
            self.add_mode(MeterRule::Free, &[Segment { lo: 0.0, hi: meter.curtail_max, price: 0.0 }]);
        }
    }

    /// Whether generation can be curtailed.
    pub(super) fn curtails(&self) -> bool {
        self.meter.is_some_and(|meter| meter.curtail_max > 0.0)
    }

    /// Begin the next follower; it needs at least one mode.
    pub(crate) fn begin_follower(&mut self) {
        self.table.ends.push(self.table.modes.len());
        self.next_origin = 0;
    }

    /// Add a mode to the follower begun last.
    ///
    /// The segments join up in rising order of power (`hi` of one is `lo` of the next); a single point is a segment
    /// with `lo == hi`. The cost is `-price * p` at the point nearest to zero and continuous from there. Where a price
    /// rises with the power (charging and discharging both attractive) the cost is not convex, and the mode is split
    /// there into two that bear the same number.
    pub(crate) fn add_mode(&mut self, rule: MeterRule, segments: &[Segment]) {
        debug_assert!(segments.windows(2).all(|w| (w[0].hi - w[1].lo).abs() < 1e-9), "segments must join up");
        self.ruled.0 |= rule == MeterRule::NotWhileImporting;
        self.ruled.1 |= rule == MeterRule::NotWhileExporting;
        let mut cost = cost_at_lowest(segments);
        for (i, segment) in segments.iter().enumerate() {
            if i == 0 || segment.price > segments[i - 1].price {
                self.table.push_mode(segment.lo, cost, rule, self.next_origin);
            }
            cost = self.table.push_part(segment.price, segment.hi - segment.lo);
        }
        self.next_origin += 1;
        if let Some(end) = self.table.ends.last_mut() {
            *end = self.table.modes.len();
        }
    }
}

/// Cost of a chain of segments at its lowest power, ct: `-price * p` holds at the point nearest to zero.
fn cost_at_lowest(segments: &[Segment]) -> f64 {
    let (Some(first), Some(last)) = (segments.first(), segments.last()) else { return 0.0 };
    if first.lo >= 0.0 {
        return -first.price * first.lo;
    }
    let nearest = last.hi.min(0.0);
    let below_zero = segments.iter().filter(|s| s.lo < 0.0);
    below_zero.map(|s| s.price * (s.hi.min(0.0) - s.lo)).sum::<f64>() - last.price * nearest
}
