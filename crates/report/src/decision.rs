//! What each device was told to do, and why then.

use offpeak_domain::{Home, Kilowatts, Schedule};
use serde::Serialize;

use crate::number::{tidy, weighted_mean};
use crate::times::{runs, spans};
use crate::tracks::Role;

/// Power of more than this, in kW, counts as on.
const ON: f64 = 1e-3;

/// What a device does, and what a kWh is worth when it does it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Decision {
    /// Which device.
    pub device: String,
    /// What kind of device.
    pub role: Role,
    /// What it does: `charges`, `gives`, `heats`, `runs`.
    pub does: &'static str,
    /// When, in local time.
    pub when: String,
    /// How much energy, in kWh.
    pub kwh: f64,
    /// What a kWh is worth then, weighted by energy, in ct.
    pub mean_ct: f64,
    /// What a kWh is worth on average whenever it could.
    pub could_ct: f64,
    /// Why then.
    pub why: String,
}

/// What one device may do when.
struct Task<'a> {
    device: String,
    role: Role,
    does: &'static str,
    power: &'a [Kilowatts],
    could: Vec<bool>,
}

/// What every flexible device of a home does; `worth` is that of a kWh, in ct.
pub(crate) fn decisions(home: &Home, schedule: &Schedule, worth: &[f64]) -> Vec<Decision> {
    tasks(home, schedule).iter().filter_map(|task| decision(home, task, worth)).collect()
}

fn tasks<'a>(home: &Home, schedule: &'a Schedule) -> Vec<Task<'a>> {
    let intervals = home.horizon.len();
    let setpoints = &schedule.setpoints;
    let mut tasks = Vec::new();
    let mut add = |device: &str, role, does, power: &'a [Kilowatts], could: Vec<bool>| {
        tasks.push(Task { device: device.to_owned(), role, does, power, could });
    };
    for (battery, power) in home.batteries.iter().zip(&setpoints.batteries) {
        add(&battery.id, Role::Battery, "charges", &power.charge, vec![true; intervals]);
        add(&battery.id, Role::Battery, "gives", &power.discharge, vec![true; intervals]);
    }
    for (ev, power) in home.evs.iter().zip(&setpoints.evs) {
        add(&ev.id, Role::Ev, "charges", &power.charge, ev.connected(intervals));
        add(&ev.id, Role::Ev, "gives", &power.discharge, ev.connected(intervals));
    }
    for (pump, power) in home.heat_pumps.iter().zip(&setpoints.heat_pumps) {
        add(&pump.id, Role::Rooms, "heats rooms", &power.rooms, vec![true; intervals]);
        add(&pump.id, Role::HotWater, "heats water", &power.hot_water, vec![true; intervals]);
        add(&pump.id, Role::Heater, "backs up", &power.backup, vec![true; intervals]);
        add(&pump.id, Role::Heater, "heats water directly", &power.immersion, vec![true; intervals]);
    }
    for (appliance, power) in home.appliances.iter().zip(&setpoints.appliances) {
        let end = appliance.latest_start + appliance.profile.len();
        let could = (0..intervals).map(|t| (appliance.earliest_start..end).contains(&t)).collect();
        add(&appliance.id, Role::Appliance, "runs", power, could);
    }
    tasks
}

fn decision(home: &Home, task: &Task<'_>, worth: &[f64]) -> Option<Decision> {
    let intervals = home.horizon.len();
    let energy = |t: usize| task.power[t].0 * home.horizon.length(t).0;
    let is_on = |t: usize| task.power[t].0 > ON;
    let mean_ct = weighted_mean((0..intervals).filter(|t| is_on(*t)).map(|t| (worth[t], energy(t))))?;
    let could = (0..intervals).filter(|t| task.could[*t] || is_on(*t));
    let could_ct = weighted_mean(could.map(|t| (worth[t], home.horizon.length(t).0)))?;
    let used = || (0..intervals).filter(|t| is_on(*t)).map(|t| worth[t]);
    let idle = || (0..intervals).filter(|t| task.could[*t] && !is_on(*t)).map(|t| worth[t]);
    let on = runs(intervals, is_on);
    Some(Decision {
        device: task.device.clone(),
        role: task.role,
        does: task.does,
        when: spans(home, &on),
        kwh: tidy((0..intervals).map(energy).sum()),
        mean_ct: tidy(mean_ct),
        could_ct: tidy(could_ct),
        why: why(task.does == "gives", used, idle),
    })
}

/// The dearest interval used beside the cheapest left out; the other way round for a device that gives.
fn why<U, I>(gives: bool, used: impl Fn() -> U, idle: impl Fn() -> I) -> String
where
    U: Iterator<Item = f64>,
    I: Iterator<Item = f64>,
{
    let (worst, best, adverb) = if gives {
        (used().reduce(f64::min), idle().reduce(f64::max), ["cheapest", "dearest"])
    } else {
        (used().reduce(f64::max), idle().reduce(f64::min), ["dearest", "cheapest"])
    };
    let Some(worst) = worst else { return String::new() };
    let Some(best) = best else { return "it had no other time".to_owned() };
    let [of_used, of_idle] = adverb;
    let fits = if gives { worst >= best - 0.05 } else { worst <= best + 0.05 };
    let reason = if fits {
        "price alone decides"
    } else {
        "a limit, a wish or a run decides too, not the price alone"
    };
    format!("{of_used} interval used {worst:.1} ct/kWh, {of_idle} left out {best:.1}: {reason}")
}
