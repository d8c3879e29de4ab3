//! A home that may do more has no bound above a plan it could follow before.

use offpeak_domain::{Home, HomeSpec, KilowattHours, Kilowatts};
use offpeak_solver::{Decomposition, Options, plan_with};

use crate::judged::{propose, rounding};
use crate::kinds::{KINDS, make};

/// Homes of each kind that are relaxed.
const HOMES: u64 = 2;

/// Every home of every kind, before and after `relax`.
fn relaxing(relax: impl Fn(&mut HomeSpec)) {
    let mut faults = Vec::new();
    for home in (0..KINDS.len()).flat_map(|kind| (2000..2000 + HOMES).map(move |number| make(kind, number))) {
        let mut freer = home.clone().into_spec();
        relax(&mut freer);
        let freer = Home::new(freer).unwrap_or_else(|error| panic!("{}: {error}", home.id));
        // Homes without a plan are judged elsewhere.
        let Ok(before) = plan_with(&Decomposition, &home, &Options::default()) else { continue };
        let objective = before.plan.certificate.objective.0;
        let bound = propose(&freer, &Options::default()).bound.0;
        if bound > objective + rounding(objective) {
            faults.push(format!("{}: freer bound {bound} above {objective}", home.id));
        }
    }
    assert!(faults.is_empty(), "{} homes:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn a_bigger_fuse_lifts_no_bound_above_the_old_plan() {
    relaxing(|home| {
        for limit in &mut home.grid.import_limit {
            limit.0 += 3.0;
        }
    });
}

#[test]
fn more_room_for_export_lifts_no_bound_above_the_old_plan() {
    relaxing(|home| {
        for limit in &mut home.grid.export_limit {
            limit.0 += 3.0;
        }
    });
}

#[test]
fn a_wider_comfort_band_lifts_no_bound_above_the_old_plan() {
    relaxing(|home| {
        for rooms in home.heat_pumps.iter_mut().filter_map(|pump| pump.rooms.as_mut()) {
            rooms.lowest.iter_mut().for_each(|lowest| lowest.0 -= 0.5);
            rooms.highest.iter_mut().for_each(|highest| highest.0 += 0.5);
        }
        for water in home.heat_pumps.iter_mut().filter_map(|pump| pump.hot_water.as_mut()) {
            water.lowest.iter_mut().for_each(|lowest| lowest.0 -= 0.5);
            water.highest.iter_mut().for_each(|highest| highest.0 += 0.5);
        }
    });
}

#[test]
fn a_later_departure_lifts_no_bound_above_the_old_plan() {
    relaxing(|home| {
        let last = home.horizon.len();
        // Where energy is urgent, a longer stay also counts longer.
        for ev in home.evs.iter_mut().filter(|ev| ev.urgent.is_none()) {
            ev.sessions.last_mut().expect("every car of a kind has a stay").connected.end = last;
        }
    });
}

#[test]
fn a_lower_reserve_lifts_no_bound_above_the_old_plan() {
    relaxing(|home| {
        for discharge in home.evs.iter_mut().filter_map(|ev| ev.discharge.as_mut()) {
            discharge.reserve = KilowattHours(0.0);
            discharge.grid_export = true;
        }
    });
}

#[test]
fn a_free_battery_lifts_no_bound_above_the_old_plan() {
    relaxing(|home| {
        for battery in &mut home.batteries {
            (battery.grid_charging, battery.grid_export) = (true, true);
            (battery.min_charge, battery.min_discharge) = (Kilowatts(0.0), Kilowatts(0.0));
        }
    });
}

#[test]
fn free_starts_lift_no_bound_above_the_old_plan() {
    relaxing(|home| {
        for pump in &mut home.heat_pumps {
            (pump.min_run, pump.min_pause) = (1, 1);
            pump.before.intervals = 1000;
            pump.start_caps.clear();
        }
    });
}

#[test]
fn pauses_lift_no_bound_above_the_old_plan() {
    relaxing(|home| home.appliances.iter_mut().for_each(|appliance| appliance.interruptible = true));
}
