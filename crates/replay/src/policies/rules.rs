//! Rules that people use today: no plan, a look at the present.

use chrono::NaiveTime;
use offpeak_baseline::uncontrolled;
use offpeak_domain::{Home, Kelvins, Kilowatts, RUNNING};
use serde::{Deserialize, Serialize};

use super::thermostat::Thermostats;
use super::{Policy, cheapest, slice};
use crate::error::ReplayError;
use crate::knowledge::Known;
use crate::plant::{Following, Wishes};
use crate::state::State;

/// How far the rules look, for a thermostat that heats in time for a warmer hour: hours.
const LOOK_AHEAD: f64 = 6.0;

/// When cars charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CarRule {
    /// At full power from arrival on.
    #[default]
    FromArrival,
    /// At full power in the cheapest intervals before the departure, as many as it needs.
    CheapestIntervals,
}

/// How heat pumps heat.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeatRule {
    /// A thermostat keeps the comfort band.
    #[default]
    Thermostat,
    /// A thermostat that lets rooms get colder at night; what that costs in comfort is counted.
    NightSetback {
        /// Local time at which the night begins.
        from: NaiveTime,
        /// Local time at which it ends.
        to: NaiveTime,
        /// How much colder.
        by: Kelvins,
    },
}

/// Cars, heat pumps and batteries each follow a rule of their own; appliances start when they may.
///
/// All that is not said here is done as an uncontrolled home does it, see `offpeak-baseline`, anew in every interval. A
/// thermostat remembers between intervals that it heats.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    cars: CarRule,
    heat: HeatRule,
    idle_batteries: bool,
    thermostats: Thermostats,
}

impl Rules {
    /// Such a policy; batteries follow the meter unless they are `idle_batteries`.
    pub fn new(cars: CarRule, heat: HeatRule, idle_batteries: bool) -> Self {
        Self { cars, heat, idle_batteries, thermostats: Thermostats::default() }
    }
}

impl Policy for Rules {
    fn decide(&mut self, known: &Known<'_>, state: &State) -> Result<Vec<Wishes>, ReplayError> {
        let window = known.window(state, known.span.intervals_in(LOOK_AHEAD))?;
        let home = set_back(window.home, self.heat)?;
        let mut setpoints = uncontrolled(&home);
        self.thermostats.go_on(&home, &mut setpoints)?;
        let runs = window.runs.iter().zip(&setpoints.appliances);
        let runs = runs.filter(|(_, power)| power[0] > RUNNING).map(|(index, _)| *index).collect();
        let mut now = slice(&home, &setpoints, 0);
        if self.cars == CarRule::CheapestIntervals {
            for ev in 0..home.evs.len() {
                now.evs[ev].charge = vec![cheapest::charge(known, state, ev)];
            }
        }
        let batteries = home.batteries.len();
        for power in &mut now.batteries {
            (power.charge[0], power.discharge[0]) = (Kilowatts::ZERO, Kilowatts::ZERO);
        }
        let following = if self.idle_batteries { Following::IDLE } else { Following::FREELY };
        let batteries = vec![following; batteries];
        Ok(vec![Wishes { setpoints: now, runs, batteries, no_export: false, guarded: false }])
    }
}

/// The home with lower comfort at night, if that is the rule.
fn set_back(home: Home, heat: HeatRule) -> Result<Home, ReplayError> {
    let HeatRule::NightSetback { from, to, by } = heat else { return Ok(home) };
    let mut spec = home.into_spec();
    let is_night =
        |time: NaiveTime| if from <= to { (from..to).contains(&time) } else { time >= from || time < to };
    for t in 0..spec.horizon.len() {
        if !is_night(spec.horizon.local_time(t, spec.time_zone)) {
            continue;
        }
        for rooms in spec.heat_pumps.iter_mut().filter_map(|pump| pump.rooms.as_mut()) {
            rooms.lowest[t].0 -= by.0;
            rooms.end_floor.0 = rooms.end_floor.0.min(rooms.lowest[t].0);
        }
    }
    Ok(Home::new(spec)?)
}
