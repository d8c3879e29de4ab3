//! The grid connection in arrays: what flows anyway, what power costs over an interval, limits.

use offpeak_domain::{Home, PeakCharge};

/// One value per interval; slopes in ct per kW over the interval.
#[derive(Debug, Clone)]
pub(crate) struct Grid {
    /// Interval lengths in h.
    pub(crate) hours: Vec<f64>,
    /// Load minus generation, kW.
    pub(crate) base: Vec<f64>,
    /// Generation that can be thrown away, kW.
    pub(crate) curtail: Vec<f64>,
    /// Cost of a kW imported, with its carbon.
    pub(crate) import_slope: Vec<f64>,
    /// Pay for a kW exported.
    pub(crate) export_slope: Vec<f64>,
    /// Cost of a kW beyond a limit, on top.
    pub(crate) overshoot_slope: Vec<f64>,
    /// Most import without overshoot, kW.
    pub(crate) import_limit: Vec<f64>,
    /// How far import may overshoot, kW.
    pub(crate) import_over: Vec<f64>,
    /// Most export without overshoot, kW.
    pub(crate) export_limit: Vec<f64>,
    /// How far export may overshoot, kW.
    pub(crate) export_over: Vec<f64>,
    /// Charges on peaks.
    pub(crate) peaks: Vec<PeakCharge>,
}

impl Grid {
    pub(super) fn of(home: &Home) -> Self {
        let grid = &home.grid;
        let hours: Vec<f64> = home.horizon.lengths().map(|length| length.0).collect();
        let each = |value: &dyn Fn(usize) -> f64| (0..hours.len()).map(value).collect::<Vec<f64>>();
        Self {
            base: each(&|t| grid.base(t).0),
            curtail: each(&|t| if grid.can_curtail { grid.pv[t].0 } else { 0.0 }),
            import_slope: each(&|t| hours[t] * grid.import_value(t).0),
            export_slope: each(&|t| hours[t] * grid.export_price[t].0),
            overshoot_slope: each(&|t| hours[t] * grid.overshoot_price.0),
            import_limit: each(&|t| grid.import_limit[t].0),
            import_over: each(&|t| home.import_overshoot_allowed(t).0),
            export_limit: each(&|t| grid.export_limit[t].0),
            export_over: each(&|t| home.export_overshoot_allowed(t).0),
            peaks: grid.peak_charges.clone(),
            hours,
        }
    }

    /// Whether importing is cheaper than what exporting pays, so that the money is not convex in net power.
    pub(crate) fn pays_to_circulate(&self, t: usize) -> bool {
        self.import_slope[t] < self.export_slope[t]
    }
}
