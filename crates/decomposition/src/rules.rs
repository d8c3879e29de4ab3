//! Whether a schedule keeps every hard rule, so that none is offered that does not. The audit after it decides on its own.

use offpeak_domain::{Home, KilowattHours, Schedule, compressor_starts};

use crate::incumbent::NOTHING;
use crate::interval::MeterRule;
use crate::model::Model;

/// How far a schedule may break a limit by the linear program's tolerance, in kW or kWh; an audit allows 1e-6.
const TOLERANCE: f64 = 5e-7;

/// Whether powers `[port * T + t]` and the schedule they make keep the meter's limits and rules, the ports' ranges, the
/// stores' limits and reserves, and the caps on starts.
pub(crate) fn keeps_rules(home: &Home, model: &Model, (powers, schedule): (&[f64], &Schedule)) -> bool {
    keeps_meter(model, powers, schedule)
        && keeps_ranges(model, powers)
        && keeps_stores(home, schedule)
        && keeps_reserves(home, schedule)
        && keeps_start_caps(home, schedule)
}

fn keeps_meter(model: &Model, powers: &[f64], schedule: &Schedule) -> bool {
    let grid = &model.grid;
    let within_limits = (0..model.intervals).all(|t| {
        schedule.import[t].0 <= grid.import_limit[t] + grid.import_over[t] + TOLERANCE
            && schedule.export[t].0 <= grid.export_limit[t] + grid.export_over[t] + TOLERANCE
    });
    let ruled = model.ports.iter().zip(powers.chunks_exact(model.intervals));
    within_limits
        && ruled.into_iter().all(|(port, powers)| {
            let against = match port.rule {
                MeterRule::Free => return true,
                MeterRule::NotWhileImporting => &schedule.import,
                MeterRule::NotWhileExporting => &schedule.export,
            };
            powers.iter().zip(against).all(|(power, against)| *power <= NOTHING || against.0 <= TOLERANCE)
        })
}

/// Every power 0 or in its range, and one port of a group at a time.
fn keeps_ranges(model: &Model, powers: &[f64]) -> bool {
    let at = |port: usize, t: usize| powers[port * model.intervals + t];
    let ranges = (0..model.ports.len()).filter(|port| model.ports[*port].moves_store()).all(|index| {
        let port = &model.ports[index];
        (0..model.intervals).all(|t| {
            let power = at(index, t);
            power <= 0.0 || (power >= port.least[t] - TOLERANCE && power <= port.most[t] + TOLERANCE)
        })
    });
    ranges
        && model.groups.iter().all(|group| {
            (0..model.intervals).all(|t| group.ports.iter().filter(|port| at(**port, t) > 0.0).count() <= 1)
        })
}

fn keeps_stores(home: &Home, schedule: &Schedule) -> bool {
    let within = |stored: &[KilowattHours], low: &dyn Fn(usize) -> f64, high: f64| {
        let mut edges = stored.iter().enumerate().skip(1);
        edges.all(|(edge, x)| x.0 >= low(edge) - TOLERANCE && x.0 <= high + TOLERANCE)
    };
    let mut batteries = home.batteries.iter().zip(&schedule.battery_stored);
    let mut evs = home.evs.iter().zip(&schedule.ev_energy);
    batteries.all(|(battery, stored)| {
        let floor = battery.stored_floor(home.horizon.lengths());
        within(stored, &|edge| floor[edge].0, battery.max_stored.0)
    }) && evs.all(|(ev, energy)| within(energy, &|_| 0.0, ev.capacity.0))
}

fn keeps_reserves(home: &Home, schedule: &Schedule) -> bool {
    let powers = schedule.setpoints.evs.iter().zip(&schedule.ev_energy);
    home.evs.iter().zip(powers).all(|(ev, (power, energy))| {
        let reserve = ev.discharge.as_ref().map_or(0.0, |discharge| discharge.reserve.0);
        let mut ends = power.discharge.iter().zip(&energy[1..]);
        ends.all(|(power, energy)| power.0 <= 0.0 || energy.0 >= reserve - TOLERANCE)
    })
}

fn keeps_start_caps(home: &Home, schedule: &Schedule) -> bool {
    home.heat_pumps.iter().enumerate().all(|(index, pump)| {
        let starts = compressor_starts(home, &schedule.setpoints, index);
        let within = |cap: &offpeak_domain::StartCap| {
            starts.iter().filter(|start| cap.intervals.contains(start)).count() <= cap.most
        };
        pump.start_caps.iter().all(within)
    })
}
