//! A schedule as large as its home, and all of it numbers: what the other rules rely on.

use offpeak_domain::{Celsius, Home, KilowattHours, Kilowatts, Schedule};

use crate::findings::{About, Findings};
use crate::rule;
use crate::violation::number;

/// One value per device, per interval and per edge, each of them finite.
pub(crate) fn audit(home: &Home, schedule: &Schedule, findings: &mut Findings) {
    device_counts(home, schedule, findings);
    grid(home, schedule, findings);
    stores(home, schedule, findings);
    heat_pumps(home, schedule, findings);
    for (appliance, power) in home.appliances.iter().zip(&schedule.setpoints.appliances) {
        kilowatts(&mut findings.about(&appliance.id), home, "power", power);
    }
}

fn device_counts(home: &Home, schedule: &Schedule, findings: &mut Findings) {
    let mut about = findings.about("schedule");
    let setpoints = &schedule.setpoints;
    about.count("batteries with setpoints", home.batteries.len(), setpoints.batteries.len());
    about.count("batteries with stored energy", home.batteries.len(), schedule.battery_stored.len());
    about.count("EVs with setpoints", home.evs.len(), setpoints.evs.len());
    about.count("EVs with energy", home.evs.len(), schedule.ev_energy.len());
    about.count("heat pumps with setpoints", home.heat_pumps.len(), setpoints.heat_pumps.len());
    about.count("heat pumps with room temperature", home.heat_pumps.len(), schedule.room_temperature.len());
    about.count("heat pumps with stored heat", home.heat_pumps.len(), schedule.water_stored.len());
    about.count("appliances with setpoints", home.appliances.len(), setpoints.appliances.len());
}

fn grid(home: &Home, schedule: &Schedule, findings: &mut Findings) {
    let mut about = findings.about("grid");
    kilowatts(&mut about, home, "import", &schedule.import);
    kilowatts(&mut about, home, "export", &schedule.export);
    kilowatts(&mut about, home, "curtailment", &schedule.setpoints.curtail);
}

fn stores(home: &Home, schedule: &Schedule, findings: &mut Findings) {
    let batteries = home.batteries.iter().map(|battery| &battery.id);
    let evs = home.evs.iter().map(|ev| &ev.id);
    let of_batteries = schedule.setpoints.batteries.iter().zip(&schedule.battery_stored);
    let of_evs = schedule.setpoints.evs.iter().zip(&schedule.ev_energy);
    for (id, (power, stored)) in batteries.zip(of_batteries).chain(evs.zip(of_evs)) {
        let mut about = findings.about(id);
        kilowatts(&mut about, home, "charge", &power.charge);
        kilowatts(&mut about, home, "discharge", &power.discharge);
        kilowatt_hours(&mut about, home, "stored energy", stored);
    }
}

fn heat_pumps(home: &Home, schedule: &Schedule, findings: &mut Findings) {
    for (pump, power) in home.heat_pumps.iter().zip(&schedule.setpoints.heat_pumps) {
        let mut about = findings.about(&pump.id);
        kilowatts(&mut about, home, "power for rooms", &power.rooms);
        kilowatts(&mut about, home, "power for hot water", &power.hot_water);
        kilowatts(&mut about, home, "backup heater", &power.backup);
        kilowatts(&mut about, home, "immersion heater", &power.immersion);
    }
    for (pump, temperature) in home.heat_pumps.iter().zip(&schedule.room_temperature) {
        let mut about = findings.about(&pump.id);
        about.count("room temperatures", pump.rooms.iter().count(), temperature.iter().count());
        if let Some(temperature) = temperature {
            celsius(&mut about, home, "room temperature", temperature);
        }
    }
    for (pump, stored) in home.heat_pumps.iter().zip(&schedule.water_stored) {
        let mut about = findings.about(&pump.id);
        about.count("stores of hot water", pump.hot_water.iter().count(), stored.iter().count());
        if let Some(stored) = stored {
            kilowatt_hours(&mut about, home, "stored heat", stored);
        }
    }
}

fn kilowatts(about: &mut About, home: &Home, what: &str, values: &[Kilowatts]) {
    about.count(&format!("values of {what}"), home.horizon.edges().len() - 1, values.len());
    for (t, value) in values.iter().enumerate() {
        finite(about, t, what, value.0);
    }
}

fn kilowatt_hours(about: &mut About, home: &Home, what: &str, values: &[KilowattHours]) {
    about.count(&format!("values of {what}"), home.horizon.edges().len(), values.len());
    for (edge, value) in values.iter().enumerate() {
        finite(about, edge.saturating_sub(1), what, value.0);
    }
}

fn celsius(about: &mut About, home: &Home, what: &str, values: &[Celsius]) {
    about.count(&format!("values of {what}"), home.horizon.edges().len(), values.len());
    for (edge, value) in values.iter().enumerate() {
        finite(about, edge.saturating_sub(1), what, value.0);
    }
}

fn finite(about: &mut About, t: usize, what: &str, value: f64) {
    if !value.is_finite() {
        let detail = format!("{what}: expected a finite number, found {}", number(value));
        about.report(rule::FINITE, Some(t), 1.0, detail);
    }
}
