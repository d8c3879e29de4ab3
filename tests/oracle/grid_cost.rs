//! What the meter charges in one interval, by trying every point at which the answer can lie.

use offpeak_domain::Home;

/// How far a rule may be missed by rounding, in kW.
const ROUNDING: f64 = 1e-7;

/// What the devices ask of the meter in one interval.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked {
    /// Net power of all devices, in kW.
    pub(crate) power: f64,
    /// Whether a device charges that must not do so from the grid.
    pub(crate) forbids_import: bool,
    /// Whether a device discharges that must not do so into the grid.
    pub(crate) forbids_export: bool,
}

/// The least cost of interval `t` in ct, but for peak charges, and the import it comes with in kW; none where the
/// connection does not allow what the devices ask for.
pub(crate) fn cheapest(home: &Home, t: usize, asked: Asked) -> Option<(f64, f64)> {
    let grid = &home.grid;
    let (load, pv) = (grid.load[t].0, grid.pv[t].0);
    let (import_limit, export_limit) = (grid.import_limit[t].0, grid.export_limit[t].0);
    let import_ceiling = import_limit.max(load - pv + power_forced_by_the_past(home, t));
    let export_ceiling = if grid.can_curtail { export_limit } else { export_limit.max(pv - load) };
    let net = load - pv + asked.power;

    // The cost is linear between these, so that the least lies at one of them.
    let kinks = [0.0, pv, -net, -export_limit - net, import_limit - net, import_ceiling - net];
    let curtailments = kinks.into_iter().filter(|curtail| *curtail == 0.0 || grid.can_curtail);
    let cost = |curtail: f64| {
        let import = (net + curtail).max(0.0);
        let export = (-net - curtail).max(0.0);
        let allowed = (-ROUNDING..=pv + ROUNDING).contains(&curtail)
            && import <= import_ceiling + ROUNDING
            && export <= export_ceiling + ROUNDING
            && !(asked.forbids_import && import > ROUNDING)
            && !(asked.forbids_export && export > ROUNDING);
        allowed.then(|| (hourly_cost(home, t, import, export) * home.horizon.length(t).0, import))
    };
    curtailments.filter_map(cost).min_by(|one, other| one.0.total_cmp(&other.0))
}

/// Cost of importing and exporting these powers in interval `t`, in ct per hour.
fn hourly_cost(home: &Home, t: usize, import: f64, export: f64) -> f64 {
    let grid = &home.grid;
    let carbon = grid.co2.as_ref().map_or(0.0, |co2| co2.intensity[t].0 * co2.weight.0);
    let over = (import - grid.import_limit[t].0).max(0.0) + (export - grid.export_limit[t].0).max(0.0);
    import * (grid.import_price[t].0 + carbon) - export * grid.export_price[t].0
        + over * grid.overshoot_price.0
}

/// Power of compressors that were started too shortly before the horizon to stop by `t`.
fn power_forced_by_the_past(home: &Home, t: usize) -> f64 {
    let mut forced = 0.0;
    for pump in &home.heat_pumps {
        if pump.before.running && pump.before.intervals + t < pump.min_run {
            let rooms = pump.rooms.as_ref().map(|rooms| rooms.compression.min_power[t].0);
            let water = pump.hot_water.as_ref().map(|water| water.compression.min_power[t].0);
            forced += rooms.into_iter().chain(water).fold(f64::INFINITY, f64::min);
        }
    }
    forced
}
