//! Stored energies and temperatures, with the bands they should keep.

use offpeak_domain::{Home, Schedule};
use serde::Serialize;

use crate::number::tidy_all;
use crate::tracks::Role;

/// What a store holds at the end of every interval, and its band then.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Level {
    /// Its name.
    pub label: String,
    /// What kind of device it is.
    pub role: Role,
    /// `kWh` or `°C`.
    pub unit: &'static str,
    /// The level at the end of every interval.
    pub level: Vec<f64>,
    /// The least it should be then.
    pub low: Vec<f64>,
    /// The most it should be then.
    pub high: Vec<f64>,
    /// For a car, whether it is connected, per interval.
    pub connected: Option<Vec<bool>>,
}

/// The levels of every store of a home.
pub(crate) fn levels(home: &Home, schedule: &Schedule) -> Vec<Level> {
    let intervals = home.horizon.len();
    let mut all = Vec::new();
    let mut add = |label: &str, role, unit, level: Vec<f64>, low: Vec<f64>, high: Vec<f64>, connected| {
        let (level, low, high) = (tidy_all(level), tidy_all(low), tidy_all(high));
        all.push(Level { label: label.to_owned(), role, unit, level, low, high, connected });
    };
    for (battery, stored) in home.batteries.iter().zip(&schedule.battery_stored) {
        let floor = battery.stored_floor(home.horizon.lengths());
        let low = floor.iter().skip(1).map(|value| value.0).collect();
        let level = stored.iter().skip(1).map(|value| value.0).collect();
        add(&battery.id, Role::Battery, "kWh", level, low, vec![battery.max_stored.0; intervals], None);
    }
    for (ev, energy) in home.evs.iter().zip(&schedule.ev_energy) {
        let mut low = vec![0.0; intervals];
        for session in &ev.sessions {
            if let Some(target) = session.target {
                low[session.connected.end - 1] = target.0;
            }
        }
        let level = energy.iter().skip(1).map(|value| value.0).collect();
        let connected = Some(ev.connected(intervals));
        add(&ev.id, Role::Ev, "kWh", level, low, vec![ev.capacity.0; intervals], connected);
    }
    for (index, pump) in home.heat_pumps.iter().enumerate() {
        if let (Some(rooms), Some(theta)) = (&pump.rooms, &schedule.room_temperature[index]) {
            let (low, high) = (rooms.lowest.iter().map(|one| one.0), rooms.highest.iter().map(|one| one.0));
            let level = theta.iter().skip(1).map(|value| value.0).collect();
            let label = format!("{} rooms", pump.id);
            add(&label, Role::Rooms, "°C", level, low.collect(), high.collect(), None);
        }
        if let (Some(water), Some(stored)) = (&pump.hot_water, &schedule.water_stored[index]) {
            let (low, high) = (water.lowest.iter().map(|one| one.0), water.highest.iter().map(|one| one.0));
            let level = stored.iter().skip(1).map(|value| value.0).collect();
            let label = format!("{} tank", pump.id);
            add(&label, Role::HotWater, "kWh", level, low.collect(), high.collect(), None);
        }
    }
    all
}
