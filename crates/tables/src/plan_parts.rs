//! The parts of a schedule: which rows a home has in the table `schedules`, and what stands in them.

use offpeak_domain::{Celsius, Home, KilowattHours, Kilowatts, Schedule, Setpoints, StorePower};

/// What the grid connection is called in the column of devices.
const GRID_ID: &str = "grid";

/// What a series of rows says about a device: the column `part`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PartKind {
    /// Net power at the meter: import positive, export negative.
    Grid,
    /// Generation thrown away.
    Curtail,
    /// Charging positive, discharging negative; the level is stored energy.
    Battery,
    /// As a battery.
    Ev,
    /// Compressor for the rooms; the level is room temperature.
    Rooms,
    /// Backup heater of the rooms.
    Backup,
    /// Compressor for the tank; the level is stored heat.
    HotWater,
    /// Immersion heater of the tank.
    Immersion,
    /// An appliance.
    Appliance,
}

/// The words of the column `part`.
pub(crate) const PART_KINDS: [(&str, PartKind); 9] = [
    ("grid", PartKind::Grid),
    ("curtail", PartKind::Curtail),
    ("battery", PartKind::Battery),
    ("ev", PartKind::Ev),
    ("rooms", PartKind::Rooms),
    ("backup", PartKind::Backup),
    ("hot_water", PartKind::HotWater),
    ("immersion", PartKind::Immersion),
    ("appliance", PartKind::Appliance),
];

/// One series of rows of a home.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) kind: PartKind,
    /// The place of the device among those of its kind in the home; 0 for the grid connection.
    device: usize,
}

impl PartKind {
    /// The word in the column `part`.
    pub(crate) fn name(self) -> &'static str {
        let word = PART_KINDS.iter().find(|(_, kind)| *kind == self);
        word.map_or("", |(name, _)| name)
    }

    /// Whether its rows carry the level at the end of their interval.
    pub(crate) fn has_level(self) -> bool {
        matches!(self, Self::Battery | Self::Ev | Self::Rooms | Self::HotWater)
    }
}

impl Part {
    /// All parts that rows of `home` may have, in the order they are written.
    pub(crate) fn all(home: &Home) -> Vec<Self> {
        let mut parts = Vec::new();
        let mut add = |kind, device| parts.push(Self { kind, device });
        add(PartKind::Grid, 0);
        add(PartKind::Curtail, 0);
        (0..home.batteries.len()).for_each(|device| add(PartKind::Battery, device));
        (0..home.evs.len()).for_each(|device| add(PartKind::Ev, device));
        for (device, pump) in home.heat_pumps.iter().enumerate() {
            if pump.rooms.is_some() {
                add(PartKind::Rooms, device);
                add(PartKind::Backup, device);
            }
            if pump.hot_water.is_some() {
                add(PartKind::HotWater, device);
                add(PartKind::Immersion, device);
            }
        }
        (0..home.appliances.len()).for_each(|device| add(PartKind::Appliance, device));
        parts
    }

    /// Whether `home` can use this part; one that it cannot is zero throughout and needs no rows.
    pub(crate) fn is_usable(self, home: &Home) -> bool {
        let pump = || &home.heat_pumps[self.device];
        match self.kind {
            PartKind::Curtail => home.grid.can_curtail,
            PartKind::Backup => pump().rooms.as_ref().is_some_and(|rooms| rooms.backup_max.0 > 0.0),
            PartKind::Immersion => pump().hot_water.as_ref().is_some_and(|water| water.heater_max.0 > 0.0),
            _ => true,
        }
    }

    /// The id in the column `device_id`.
    pub(crate) fn device_id(self, home: &Home) -> &str {
        match self.kind {
            PartKind::Grid | PartKind::Curtail => GRID_ID,
            PartKind::Battery => &home.batteries[self.device].id,
            PartKind::Ev => &home.evs[self.device].id,
            PartKind::Rooms | PartKind::Backup | PartKind::HotWater | PartKind::Immersion => {
                &home.heat_pumps[self.device].id
            }
            PartKind::Appliance => &home.appliances[self.device].id,
        }
    }

    /// Power in interval `t`, with the sign it has in the table.
    pub(crate) fn power(self, schedule: &Schedule, t: usize) -> Kilowatts {
        let Setpoints { curtail, batteries, evs, heat_pumps, appliances } = &schedule.setpoints;
        match self.kind {
            PartKind::Grid => schedule.import[t] - schedule.export[t],
            PartKind::Curtail => curtail[t],
            PartKind::Battery => batteries[self.device].charge[t] - batteries[self.device].discharge[t],
            PartKind::Ev => evs[self.device].charge[t] - evs[self.device].discharge[t],
            PartKind::Rooms => heat_pumps[self.device].rooms[t],
            PartKind::Backup => heat_pumps[self.device].backup[t],
            PartKind::HotWater => heat_pumps[self.device].hot_water[t],
            PartKind::Immersion => heat_pumps[self.device].immersion[t],
            PartKind::Appliance => appliances[self.device][t],
        }
    }

    /// Sets the power in interval `t`: the inverse of [`Part::power`].
    pub(crate) fn set_power(self, schedule: &mut Schedule, t: usize, power: Kilowatts) {
        match self.kind {
            PartKind::Grid => (schedule.import[t], schedule.export[t]) = in_and_out(power),
            _ => self.set_setpoint(&mut schedule.setpoints, t, power),
        }
    }

    /// Sets the power that the home decides on in interval `t`; that of the grid follows from the others.
    pub(crate) fn set_setpoint(self, setpoints: &mut Setpoints, t: usize, power: Kilowatts) {
        let Setpoints { curtail, batteries, evs, heat_pumps, appliances } = setpoints;
        match self.kind {
            PartKind::Grid => {}
            PartKind::Curtail => curtail[t] = power,
            PartKind::Battery => set_store(&mut batteries[self.device], t, power),
            PartKind::Ev => set_store(&mut evs[self.device], t, power),
            PartKind::Rooms => heat_pumps[self.device].rooms[t] = power,
            PartKind::Backup => heat_pumps[self.device].backup[t] = power,
            PartKind::HotWater => heat_pumps[self.device].hot_water[t] = power,
            PartKind::Immersion => heat_pumps[self.device].immersion[t] = power,
            PartKind::Appliance => appliances[self.device][t] = power,
        }
    }

    /// Level at the end of interval `t`, in kWh or °C; none for a part without.
    pub(crate) fn level_end(self, schedule: &Schedule, t: usize) -> Option<f64> {
        match self.kind {
            PartKind::Battery => Some(schedule.battery_stored[self.device][t + 1].0),
            PartKind::Ev => Some(schedule.ev_energy[self.device][t + 1].0),
            PartKind::Rooms => Some(schedule.room_temperature[self.device].as_ref()?[t + 1].0),
            PartKind::HotWater => Some(schedule.water_stored[self.device].as_ref()?[t + 1].0),
            _ => None,
        }
    }

    /// Sets the level at the end of interval `t`, in kWh or °C, of a part that has one.
    pub(crate) fn set_level_end(self, schedule: &mut Schedule, t: usize, level: f64) {
        match self.kind {
            PartKind::Battery => schedule.battery_stored[self.device][t + 1] = KilowattHours(level),
            PartKind::Ev => schedule.ev_energy[self.device][t + 1] = KilowattHours(level),
            PartKind::Rooms => {
                if let Some(temperature) = &mut schedule.room_temperature[self.device] {
                    temperature[t + 1] = Celsius(level);
                }
            }
            PartKind::HotWater => {
                if let Some(stored) = &mut schedule.water_stored[self.device] {
                    stored[t + 1] = KilowattHours(level);
                }
            }
            _ => {}
        }
    }
}

/// A schedule of `home` to be filled from rows: everything off, every level where it starts.
pub(crate) fn blank_schedule(home: &Home) -> Schedule {
    let (intervals, edges) = (home.horizon.len(), home.horizon.len() + 1);
    let pumps = || home.heat_pumps.iter();
    Schedule {
        import: vec![Kilowatts::ZERO; intervals],
        export: vec![Kilowatts::ZERO; intervals],
        setpoints: Setpoints::idle(home),
        battery_stored: home.batteries.iter().map(|one| vec![one.initial_stored; edges]).collect(),
        ev_energy: home.evs.iter().map(|one| vec![one.initial_energy; edges]).collect(),
        room_temperature: pumps().map(|one| Some(vec![one.rooms.as_ref()?.initial; edges])).collect(),
        water_stored: pumps().map(|one| Some(vec![one.hot_water.as_ref()?.initial; edges])).collect(),
    }
}

fn set_store(store: &mut StorePower, t: usize, power: Kilowatts) {
    (store.charge[t], store.discharge[t]) = in_and_out(power);
}

/// A signed power as the two that it is the difference of, never both above 0.
fn in_and_out(power: Kilowatts) -> (Kilowatts, Kilowatts) {
    (power.max(Kilowatts::ZERO), (-power).max(Kilowatts::ZERO))
}
