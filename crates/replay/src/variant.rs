//! Variants of a home, for sweeps over sizes and settings.

use offpeak_domain::{Home, HomeSpec, InvalidInput, KilowattHours, Kilowatts};
use serde::{Deserialize, Serialize};

/// A home with some things changed, under a name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Variant {
    /// The name in tables, unique in its study.
    pub id: String,
    /// What changes, one after the other.
    pub changes: Vec<Change>,
}

/// One thing about a home that changes. Limits of a dimmed connection stay as they were read.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Capacity of every battery, kWh; what it holds at least, at the start and at the end keeps its share.
    BatteryKwh(f64),
    /// Most power of every battery, in and out, kW.
    BatteryKw(f64),
    /// Generation times this.
    PvTimes(f64),
    /// Inflexible load times this.
    LoadTimes(f64),
    /// Most charging power of every car, kW; modes that need more are left out.
    CarKw(f64),
    /// Resistance of every building times this: above 1 for a better insulated one.
    InsulationTimes(f64),
    /// No batteries.
    NoBatteries,
    /// No cars.
    NoCars,
    /// No heat pumps.
    NoHeatPumps,
}

impl Variant {
    /// The home with all changes.
    ///
    /// # Errors
    /// [`InvalidInput`] where a change leads to an impossible value.
    pub fn of(&self, home: &Home) -> Result<Home, InvalidInput> {
        let mut spec = HomeSpec::clone(home);
        self.changes.iter().for_each(|change| change.make(&mut spec));
        Home::new(spec).map_err(|error| error.within(&format!("variant `{}`:", self.id)))
    }
}

impl Change {
    fn make(self, spec: &mut HomeSpec) {
        match self {
            Self::BatteryKwh(kwh) => spec.batteries.iter_mut().for_each(|battery| {
                let share = if battery.max_stored.0 > 0.0 { kwh / battery.max_stored.0 } else { 0.0 };
                battery.max_stored = KilowattHours(kwh);
                battery.min_stored = battery.min_stored * share;
                battery.initial_stored = (battery.initial_stored * share).min(battery.max_stored);
                battery.end_floor = (battery.end_floor * share).min(battery.max_stored);
            }),
            Self::BatteryKw(kw) => spec.batteries.iter_mut().for_each(|battery| {
                battery.max_charge.fill(Kilowatts(kw));
                battery.max_discharge.fill(Kilowatts(kw));
            }),
            Self::PvTimes(factor) => spec.grid.pv.iter_mut().for_each(|power| *power = *power * factor),
            Self::LoadTimes(factor) => spec.grid.load.iter_mut().for_each(|power| *power = *power * factor),
            Self::CarKw(kw) => spec.evs.iter_mut().for_each(|ev| {
                ev.modes.retain(|mode| mode.min.0 <= kw);
                ev.modes.iter_mut().for_each(|mode| mode.max = mode.max.min(Kilowatts(kw)));
            }),
            Self::InsulationTimes(factor) => insulate(spec, factor),
            Self::NoBatteries => spec.batteries.clear(),
            Self::NoCars => spec.evs.clear(),
            Self::NoHeatPumps => spec.heat_pumps.clear(),
        }
    }
}

fn insulate(spec: &mut HomeSpec, factor: f64) {
    for rooms in spec.heat_pumps.iter_mut().filter_map(|pump| pump.rooms.as_mut()) {
        if let offpeak_domain::Building::OneMass { resistance, .. } = &mut rooms.building {
            *resistance = *resistance * factor;
        }
    }
}
