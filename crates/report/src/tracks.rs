//! Who draws and who gives power in every interval.

use offpeak_domain::{Home, Kilowatts, Schedule, StorePower};
use serde::Serialize;

use crate::number::tidy_all;

/// What kind of device a track is, which decides its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Inflexible consumption.
    Load,
    /// Generation that is used or fed in.
    Pv,
    /// A battery.
    Battery,
    /// A car.
    Ev,
    /// A heat pump, while it serves the rooms.
    Rooms,
    /// A heat pump, while it serves the tank.
    HotWater,
    /// A resistance heater.
    Heater,
    /// An appliance.
    Appliance,
}

/// The power of one device, per interval: drawn positive, given negative.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Track {
    /// Its name.
    pub label: String,
    /// What kind of device it is.
    pub role: Role,
    /// Power in kW.
    pub kw: Vec<f64>,
}

/// The tracks of a home that are not 0 throughout. In every interval their sum is import less export.
pub(crate) fn tracks(home: &Home, schedule: &Schedule) -> Vec<Track> {
    let setpoints = &schedule.setpoints;
    let track = |label: &str, role, kw: Vec<f64>| Track { label: label.to_owned(), role, kw: tidy_all(kw) };
    let of = |powers: &[Kilowatts]| powers.iter().map(|power| power.0).collect::<Vec<_>>();
    let pv = home.grid.pv.iter().zip(&setpoints.curtail).map(|(pv, curtailed)| curtailed.0 - pv.0).collect();
    let mut all = vec![track("load", Role::Load, of(&home.grid.load)), track("PV", Role::Pv, pv)];
    for (battery, power) in home.batteries.iter().zip(&setpoints.batteries) {
        all.push(track(&battery.id, Role::Battery, net(power)));
    }
    for (ev, power) in home.evs.iter().zip(&setpoints.evs) {
        all.push(track(&ev.id, Role::Ev, net(power)));
    }
    for (pump, power) in home.heat_pumps.iter().zip(&setpoints.heat_pumps) {
        all.push(track(&format!("{} rooms", pump.id), Role::Rooms, of(&power.rooms)));
        all.push(track(&format!("{} water", pump.id), Role::HotWater, of(&power.hot_water)));
        all.push(track(&format!("{} backup", pump.id), Role::Heater, of(&power.backup)));
        all.push(track(&format!("{} immersion", pump.id), Role::Heater, of(&power.immersion)));
    }
    for (appliance, power) in home.appliances.iter().zip(&setpoints.appliances) {
        all.push(track(&appliance.id, Role::Appliance, of(power)));
    }
    all.retain(|track| track.kw.iter().any(|kw| kw.abs() > 0.0));
    all
}

fn net(power: &StorePower) -> Vec<f64> {
    power.charge.iter().zip(&power.discharge).map(|(charge, discharge)| charge.0 - discharge.0).collect()
}
