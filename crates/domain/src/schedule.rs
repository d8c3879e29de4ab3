//! Setpoints of every device, and what follows from them: stored energies, temperatures, the meter.

use crate::battery::Battery;
use crate::ev::Ev;
use crate::heat_pump::{HotWater, Rooms};
use crate::home::Home;
use crate::units::{Celsius, KilowattHours, Kilowatts};

/// The decisions of a plan: power of every device in every interval, in the order of the home's devices.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Setpoints {
    /// Generation thrown away.
    pub curtail: Vec<Kilowatts>,
    /// One entry per battery.
    pub batteries: Vec<StorePower>,
    /// One entry per EV.
    pub evs: Vec<StorePower>,
    /// One entry per heat pump.
    pub heat_pumps: Vec<HeatPumpPower>,
    /// One entry per appliance: its power.
    pub appliances: Vec<Vec<Kilowatts>>,
}

/// Power of a battery or an EV, per interval; both at least 0 and never both above it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StorePower {
    /// Into the device.
    pub charge: Vec<Kilowatts>,
    /// Out of the device.
    pub discharge: Vec<Kilowatts>,
}

/// Electric power of a heat pump, per interval and purpose.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct HeatPumpPower {
    /// Compressor, while it serves the rooms.
    pub rooms: Vec<Kilowatts>,
    /// Compressor, while it serves the hot water.
    pub hot_water: Vec<Kilowatts>,
    /// Backup heater of the rooms.
    pub backup: Vec<Kilowatts>,
    /// Immersion heater of the hot water.
    pub immersion: Vec<Kilowatts>,
}

/// Setpoints with their consequences: powers per interval, states per interval edge.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Schedule {
    /// Power taken from the grid.
    pub import: Vec<Kilowatts>,
    /// Power fed into the grid.
    pub export: Vec<Kilowatts>,
    /// The decisions.
    pub setpoints: Setpoints,
    /// Stored energy of each battery, at every edge.
    pub battery_stored: Vec<Vec<KilowattHours>>,
    /// Energy of each EV, at every edge.
    pub ev_energy: Vec<Vec<KilowattHours>>,
    /// Room temperature of each heat pump, at every edge; none where it heats no rooms.
    pub room_temperature: Vec<Option<Vec<Celsius>>>,
    /// Stored heat of each heat pump's tank, at every edge; none where it heats no water.
    pub water_stored: Vec<Option<Vec<KilowattHours>>>,
}

impl Setpoints {
    /// Everything off.
    pub fn idle(home: &Home) -> Self {
        Self::idle_for(home, home.horizon.len())
    }

    /// Everything off for another number of intervals than the home's horizon has.
    pub fn idle_for(home: &Home, intervals: usize) -> Self {
        let off = || vec![Kilowatts::ZERO; intervals];
        let store = || StorePower { charge: off(), discharge: off() };
        Self {
            curtail: off(),
            batteries: home.batteries.iter().map(|_| store()).collect(),
            evs: home.evs.iter().map(|_| store()).collect(),
            heat_pumps: home
                .heat_pumps
                .iter()
                .map(|_| HeatPumpPower { rooms: off(), hot_water: off(), backup: off(), immersion: off() })
                .collect(),
            appliances: home.appliances.iter().map(|_| off()).collect(),
        }
    }

    /// Net power of all devices in interval `t`, into them positive.
    pub fn device_power(&self, t: usize) -> Kilowatts {
        let stores = self.batteries.iter().chain(&self.evs);
        let stored: Kilowatts = stores.map(|power| power.charge[t] - power.discharge[t]).sum();
        let pumped: Kilowatts = self.heat_pumps.iter().map(|power| power.total(t)).sum();
        let appliances: Kilowatts = self.appliances.iter().map(|power| power[t]).sum();
        stored + pumped + appliances
    }
}

impl HeatPumpPower {
    /// Compressor power in interval `t`.
    pub fn compressor(&self, t: usize) -> Kilowatts {
        self.rooms[t] + self.hot_water[t]
    }

    /// Compressor and heaters in interval `t`.
    pub fn total(&self, t: usize) -> Kilowatts {
        self.compressor(t) + self.backup[t] + self.immersion[t]
    }
}

impl Schedule {
    /// What follows from `setpoints`: every state by its exact recursion, and import or export, never both.
    pub fn settle(home: &Home, setpoints: Setpoints) -> Self {
        let net = |t: usize| home.grid.base(t) + setpoints.curtail[t] + setpoints.device_power(t);
        let (import, export) = (0..home.horizon.len())
            .map(|t| (net(t).max(Kilowatts::ZERO), (-net(t)).max(Kilowatts::ZERO)))
            .unzip();
        let batteries = home.batteries.iter().zip(&setpoints.batteries);
        let evs = home.evs.iter().zip(&setpoints.evs);
        let pumps = || home.heat_pumps.iter().zip(&setpoints.heat_pumps);
        Self {
            import,
            export,
            battery_stored: batteries.map(|(one, power)| battery_stored(home, one, power)).collect(),
            ev_energy: evs.map(|(one, power)| ev_energy(home, one, power)).collect(),
            room_temperature: pumps()
                .map(|(one, power)| Some(room_temperature(home, one.rooms.as_ref()?, power)))
                .collect(),
            water_stored: pumps()
                .map(|(one, power)| Some(water_stored(home, one.hot_water.as_ref()?, power)))
                .collect(),
            setpoints,
        }
    }

    /// Energy that EV number `ev` had to charge elsewhere, per interval.
    pub fn charged_elsewhere(&self, home: &Home, ev: usize) -> Vec<KilowattHours> {
        let intervals = home.horizon.len();
        let driven = home.evs[ev].driven(intervals);
        (0..intervals)
            .map(|t| {
                let held = ev_held(home, &home.evs[ev], &self.setpoints.evs[ev], &self.ev_energy[ev], t);
                (driven[t] - held).max(KilowattHours::ZERO)
            })
            .collect()
    }
}

fn battery_stored(home: &Home, battery: &Battery, power: &StorePower) -> Vec<KilowattHours> {
    let mut stored = vec![battery.initial_stored];
    for (t, length) in home.horizon.lengths().enumerate() {
        let charged = power.charge[t] * length * battery.charge_efficiency;
        let taken = power.discharge[t] * length / battery.discharge_efficiency;
        stored.push(stored[t] * battery.retention(length) + charged - taken);
    }
    stored
}

fn ev_energy(home: &Home, ev: &Ev, power: &StorePower) -> Vec<KilowattHours> {
    let driven = ev.driven(home.horizon.len());
    let mut energy = vec![ev.initial_energy];
    for (t, driven) in driven.into_iter().enumerate() {
        let held = ev_held(home, ev, power, &energy, t);
        let left = if driven.0 > 0.0 { (held - driven).max(KilowattHours::ZERO) } else { held };
        energy.push(left);
    }
    energy
}

/// Energy in the car at the end of interval `t`, before it drives.
fn ev_held(home: &Home, ev: &Ev, power: &StorePower, energy: &[KilowattHours], t: usize) -> KilowattHours {
    let length = home.horizon.length(t);
    let efficiency = ev.discharge.as_ref().map_or(1.0, |discharge| discharge.efficiency);
    let charged = power.charge[t] * length * ev.charge_efficiency;
    energy[t] + charged - power.discharge[t] * length / efficiency
}

fn room_temperature(home: &Home, rooms: &Rooms, power: &HeatPumpPower) -> Vec<Celsius> {
    let resistance = rooms.building.resistance();
    let mut temperature = vec![rooms.initial];
    for (t, length) in home.horizon.lengths().enumerate() {
        let decay = rooms.building.decay(length);
        let heat = power.rooms[t] * rooms.compression.cop[t] + power.backup[t] + rooms.gains[t];
        let settled = rooms.outdoor[t].0 + resistance.0 * heat.0;
        temperature.push(Celsius(decay * temperature[t].0 + (1.0 - decay) * settled));
    }
    temperature
}

fn water_stored(home: &Home, water: &HotWater, power: &HeatPumpPower) -> Vec<KilowattHours> {
    let mut stored = vec![water.initial];
    for (t, length) in home.horizon.lengths().enumerate() {
        let heat = power.hot_water[t] * water.compression.cop[t] + power.immersion[t];
        let kept = stored[t] * (1.0 - water.loss_per_hour * length.0);
        stored.push(kept + heat * length - water.draw[t]);
    }
    stored
}
