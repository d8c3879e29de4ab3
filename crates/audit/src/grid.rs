//! The meter: power balance, direction, limits, curtailment.

use offpeak_domain::{HeatPump, Home, Schedule};

use crate::findings::{About, Findings};
use crate::rule;

/// Every rule of the grid connection in every interval.
pub(crate) fn audit(home: &Home, schedule: &Schedule, findings: &mut Findings) {
    let mut about = findings.about("grid");
    for t in 0..schedule.import.len() {
        balance(home, schedule, t, &mut about);
        meter(schedule, t, &mut about);
        import_limit(home, schedule, t, &mut about);
        export_limit(home, schedule, t, &mut about);
        curtailment(home, schedule, t, &mut about);
    }
}

/// `import - export = load - pv + curtail + sum of device powers`
fn balance(home: &Home, schedule: &Schedule, t: usize, about: &mut About) {
    let setpoints = &schedule.setpoints;
    let mut net = home.grid.load[t].0 - home.grid.pv[t].0 + setpoints.curtail[t].0;
    for store in setpoints.batteries.iter().chain(&setpoints.evs) {
        net += store.charge[t].0 - store.discharge[t].0;
    }
    for pump in &setpoints.heat_pumps {
        net += pump.rooms[t].0 + pump.hot_water[t].0 + pump.backup[t].0 + pump.immersion[t].0;
    }
    for appliance in &setpoints.appliances {
        net += appliance[t].0;
    }
    about.equal(rule::POWER_BALANCE, t, net, schedule.import[t].0 - schedule.export[t].0);
}

/// `import, export >= 0`, never both above it: there is one meter.
fn meter(schedule: &Schedule, t: usize, about: &mut About) {
    let (import, export) = (schedule.import[t].0, schedule.export[t].0);
    about.at_least(rule::METER_SIGN, t, 0.0, import);
    about.at_least(rule::METER_SIGN, t, 0.0, export);
    about.never_both(rule::METER_DIRECTION, t, ["import", "export"], [import, export]);
}

/// `import <= max(import_limit, load - pv + compressors that must go on running)`
fn import_limit(home: &Home, schedule: &Schedule, t: usize, about: &mut About) {
    let forced: f64 = home.heat_pumps.iter().map(|pump| must_draw(pump, t)).sum();
    let unavoidable = home.grid.load[t].0 - home.grid.pv[t].0 + forced;
    let limit = home.grid.import_limit[t].0.max(unavoidable);
    about.at_most(rule::IMPORT_LIMIT, t, limit, schedule.import[t].0);
}

/// What a compressor draws at least in `t` because it runs since before the horizon and may not stop yet.
fn must_draw(pump: &HeatPump, t: usize) -> f64 {
    let runs_on = pump.before.running && pump.before.intervals.saturating_add(t) < pump.min_run;
    if !runs_on {
        return 0.0;
    }
    let rooms = pump.rooms.as_ref().map(|rooms| rooms.compression.min_power[t].0);
    let water = pump.hot_water.as_ref().map(|water| water.compression.min_power[t].0);
    match (rooms, water) {
        (Some(rooms), Some(water)) => rooms.min(water),
        (one, other) => one.or(other).unwrap_or(0.0),
    }
}

/// `export <= export_limit`, and where the home cannot curtail, `<= pv - load` if that is more.
fn export_limit(home: &Home, schedule: &Schedule, t: usize, about: &mut About) {
    let mut limit = home.grid.export_limit[t].0;
    if !home.grid.can_curtail {
        limit = limit.max(home.grid.pv[t].0 - home.grid.load[t].0);
    }
    about.at_most(rule::EXPORT_LIMIT, t, limit, schedule.export[t].0);
}

/// `0 <= curtail <= pv`, and 0 where the home cannot curtail.
fn curtailment(home: &Home, schedule: &Schedule, t: usize, about: &mut About) {
    let curtail = schedule.setpoints.curtail[t].0;
    about.at_least(rule::CURTAIL_RANGE, t, 0.0, curtail);
    if home.grid.can_curtail {
        about.at_most(rule::CURTAIL_RANGE, t, home.grid.pv[t].0, curtail);
    } else {
        about.at_most(rule::CURTAIL_ALLOWED, t, 0.0, curtail);
    }
}
