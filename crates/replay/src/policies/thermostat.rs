//! What a thermostat remembers from one interval to the next: whether it heats until it switches off.

use offpeak_baseline::uncontrolled;
use offpeak_domain::{
    Celsius, Compression, HeatPumpPower, Home, HomeSpec, InvalidInput, KilowattHours, Kilowatts, RUNNING,
    Setpoints,
};

/// Rooms are heated this far above their lowest temperature once heating has begun, in K, as an uncontrolled home does.
const ROOM_HYSTERESIS: f64 = 1.0;

/// A tank is heated up to this share of its band.
const TANK_HYSTERESIS: f64 = 0.5;

/// Levels closer than this are the same, in K or kWh.
const SAME: f64 = 1e-6;

/// Whether each heat pump heats its rooms and its tank.
#[derive(Debug, Clone, Default)]
pub(super) struct Thermostats(Vec<[bool; 2]>);

impl Thermostats {
    /// Lets pumps heat on where they had begun to.
    ///
    /// The baseline starts every horizon with thermostats that do not heat. Where one does, its band in the first interval is
    /// drawn together to the level at which it switches off, so that it calls for heat until it is there. Heaters do not join in.
    pub(super) fn go_on(&mut self, home: &Home, setpoints: &mut Setpoints) -> Result<(), InvalidInput> {
        self.0.resize(home.heat_pumps.len(), [false; 2]);
        for index in 0..home.heat_pumps.len() {
            let below = below_switch_off(home, index);
            for (heats, below) in self.0[index].iter_mut().zip(below) {
                *heats &= below;
            }
            if self.0[index].contains(&true)
                && !calls_anew(home, index, &setpoints.heat_pumps[index], self.0[index])
            {
                let eager = uncontrolled(&eager(home, index, self.0[index])?);
                let power = &mut setpoints.heat_pumps[index];
                power.rooms.clone_from(&eager.heat_pumps[index].rooms);
                power.hot_water.clone_from(&eager.heat_pumps[index].hot_water);
            }
            let called = called(home, index, &setpoints.heat_pumps[index]);
            for (heats, called) in self.0[index].iter_mut().zip(called) {
                *heats |= called;
            }
        }
        Ok(())
    }
}

/// Which sinks the compressor serves in the first interval because they called: it starts for them, or gives more than it must.
fn called(home: &Home, index: usize, power: &HeatPumpPower) -> [bool; 2] {
    let pump = &home.heat_pumps[index];
    let served = |power: Kilowatts, way: Option<&Compression>| {
        let more = way.is_some_and(|way| power > way.min_power[0] + RUNNING);
        power > RUNNING && (more || !pump.before.running)
    };
    let rooms = pump.rooms.as_ref().map(|rooms| &rooms.compression);
    let water = pump.hot_water.as_ref().map(|water| &water.compression);
    [served(power.rooms[0], rooms), served(power.hot_water[0], water)]
}

/// Whether a sink that does not heat yet calls: it is colder than one that heats.
fn calls_anew(home: &Home, index: usize, power: &HeatPumpPower, heats: [bool; 2]) -> bool {
    called(home, index, power).into_iter().zip(heats).any(|(called, heats)| called && !heats)
}

/// Where the thermostats of rooms and tank switch off at the end of the first interval.
fn switch_off(home: &HomeSpec, index: usize) -> [Option<f64>; 2] {
    let pump = &home.heat_pumps[index];
    let rooms =
        pump.rooms.as_ref().map(|rooms| (rooms.lowest[0].0 + ROOM_HYSTERESIS).min(rooms.highest[0].0));
    let water = pump.hot_water.as_ref().map(|water| {
        let (lowest, highest) = (water.lowest[0].0, water.highest[0].0);
        lowest + TANK_HYSTERESIS * (highest - lowest)
    });
    [rooms, water]
}

fn below_switch_off(home: &Home, index: usize) -> [bool; 2] {
    let pump = &home.heat_pumps[index];
    let rooms = pump.rooms.as_ref().map_or(0.0, |rooms| rooms.initial.0);
    let water = pump.hot_water.as_ref().map_or(0.0, |water| water.initial.0);
    let [rooms_off, water_off] = switch_off(home, index);
    [rooms_off.is_some_and(|off| rooms < off - SAME), water_off.is_some_and(|off| water < off - SAME)]
}

/// The home with the bands of what heats drawn together to where it switches off; its heaters stay off for that.
fn eager(home: &Home, index: usize, heats: [bool; 2]) -> Result<Home, InvalidInput> {
    let [rooms_off, water_off] = switch_off(home, index);
    let mut spec = HomeSpec::clone(home);
    let pump = &mut spec.heat_pumps[index];
    if let (Some(rooms), Some(off), true) = (&mut pump.rooms, rooms_off, heats[0]) {
        (rooms.lowest[0], rooms.highest[0]) = (Celsius(off), Celsius(off));
        rooms.backup_max = Kilowatts::ZERO;
    }
    if let (Some(water), Some(off), true) = (&mut pump.hot_water, water_off, heats[1]) {
        (water.lowest[0], water.highest[0]) = (KilowattHours(off), KilowattHours(off));
        water.heater_max = Kilowatts::ZERO;
    }
    Home::new(spec)
}
