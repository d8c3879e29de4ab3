//! A home with all it needs to be planned over one horizon.

use std::collections::BTreeSet;
use std::ops::Deref;

use chrono_tz::Tz;

use crate::appliance::Appliance;
use crate::battery::Battery;
use crate::error::InvalidInput;
use crate::ev::Ev;
use crate::grid::Grid;
use crate::heat_pump::HeatPump;
use crate::horizon::Horizon;
use crate::units::Kilowatts;

/// The data of a home over a horizon, as yet unchecked; [`Home::new`] checks it.
#[derive(Debug, Clone, PartialEq)]
pub struct HomeSpec {
    /// Unique in its fleet.
    pub id: String,
    /// Where its local days begin.
    pub time_zone: Tz,
    /// The intervals that all vectors below refer to.
    pub horizon: Horizon,
    /// Grid connection, prices, inflexible load and generation.
    pub grid: Grid,
    /// Stationary batteries.
    pub batteries: Vec<Battery>,
    /// Electric vehicles.
    pub evs: Vec<Ev>,
    /// Heat pumps.
    pub heat_pumps: Vec<HeatPump>,
    /// Shiftable appliances.
    pub appliances: Vec<Appliance>,
}

/// A home whose values are possible: the input of every planner and of the auditor.
#[derive(Debug, Clone, PartialEq)]
pub struct Home(HomeSpec);

impl Home {
    /// Checks that every value is possible and every vector fits the horizon.
    ///
    /// # Errors
    /// [`InvalidInput`] naming device, field, value and what is allowed.
    pub fn new(spec: HomeSpec) -> Result<Self, InvalidInput> {
        let intervals = spec.horizon.len();
        let longest = spec.horizon.resolution();
        spec.grid.check(intervals)?;
        let mut ids = BTreeSet::new();
        let mut unique = |kind: &str, id: &str| {
            if id.is_empty() || !ids.insert(id.to_owned()) {
                return Err(InvalidInput::new(
                    format!("{kind} id"),
                    format!("`{id}`"),
                    "must be neither empty nor the id of another device of the home",
                ));
            }
            Ok(format!("{kind} `{id}`"))
        };
        for battery in &spec.batteries {
            let name = unique("battery", &battery.id)?;
            battery.check(intervals, longest).map_err(|error| error.within(&name))?;
        }
        for ev in &spec.evs {
            let name = unique("EV", &ev.id)?;
            ev.check(intervals).map_err(|error| error.within(&name))?;
        }
        for pump in &spec.heat_pumps {
            let name = unique("heat pump", &pump.id)?;
            pump.check(intervals, longest).map_err(|error| error.within(&name))?;
        }
        for appliance in &spec.appliances {
            let name = unique("appliance", &appliance.id)?;
            appliance.check(intervals).map_err(|error| error.within(&name))?;
        }
        Ok(Self(spec))
    }

    /// The data, to change it and check it anew.
    pub fn into_spec(self) -> HomeSpec {
        self.0
    }

    /// How far load and generation, and a compressor that must go on running, alone exceed the import limit in `t`.
    ///
    /// Overshoot is allowed up to this much, at a penalty, so that no home is infeasible and no other device widens it.
    pub fn import_overshoot_allowed(&self, t: usize) -> Kilowatts {
        let forced: Kilowatts = self.heat_pumps.iter().map(|pump| pump.forced_power(t)).sum();
        let unavoidable = self.grid.base(t) + forced - self.grid.import_limit[t];
        unavoidable.max(Kilowatts::ZERO)
    }

    /// How far generation that the home can't curtail alone exceeds the export limit in `t`.
    pub fn export_overshoot_allowed(&self, t: usize) -> Kilowatts {
        if self.grid.can_curtail {
            return Kilowatts::ZERO;
        }
        (-self.grid.base(t) - self.grid.export_limit[t]).max(Kilowatts::ZERO)
    }
}

impl Deref for Home {
    type Target = HomeSpec;
    fn deref(&self) -> &HomeSpec {
        &self.0
    }
}
