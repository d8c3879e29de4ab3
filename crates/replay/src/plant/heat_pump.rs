//! A heat pump: the power wished for, within its compressor's rules, and its own thermostat as a guard.

use offpeak_domain::{Compression, HeatPump, HeatPumpPower, Home, Kilowatts, Schedule, Setpoints};

use super::at_least_or_off;

/// How far a level may leave its band before the guard acts, as a share of the band.
const GUARD: f64 = 0.02;

/// How far the guard heats above the lowest level, as a share of the band.
const LIFT: f64 = 0.2;

/// Whom the compressor serves.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sink {
    Rooms,
    Water,
}

/// A sink in the one interval: its level at the end with nothing, and what a kW of electricity adds.
struct Reach<'a> {
    compression: &'a Compression,
    idle: f64,
    per_compressor_kw: f64,
    per_heater_kw: f64,
    lowest: f64,
    highest: f64,
    heater_max: Kilowatts,
}

/// Power of the home's heat pump number `index`, which may draw `free`.
///
/// A guard heats a little way into the band, hot water first, where the level would fall below it, and stops the compressor
/// where the level would rise above it. A compressor that must run on, or pause, does.
pub(super) fn follow(
    home: &Home,
    index: usize,
    wish: &HeatPumpPower,
    guarded: bool,
    free: Kilowatts,
) -> HeatPumpPower {
    let pump = &home.heat_pumps[index];
    let reaches = reaches(home, index);
    let reach = |sink: Sink| match sink {
        Sink::Water => reaches.1.as_ref(),
        Sink::Rooms => reaches.0.as_ref(),
    };
    let wished = choose(pump, &reach, wish, guarded);
    let allowed = allow(pump, &reach, wished, free);
    let mut power = HeatPumpPower {
        rooms: vec![Kilowatts::ZERO],
        hot_water: vec![Kilowatts::ZERO],
        backup: vec![Kilowatts::ZERO],
        immersion: vec![Kilowatts::ZERO],
    };
    let mut free = free;
    for sink in [Sink::Water, Sink::Rooms] {
        let Some(reach) = reach(sink) else { continue };
        let compressor =
            allowed.filter(|(served, _)| *served == sink).map_or(Kilowatts::ZERO, |(_, power)| power);
        let (into, heater_into, wished) = match sink {
            Sink::Water => (&mut power.hot_water, &mut power.immersion, &wish.immersion),
            Sink::Rooms => (&mut power.rooms, &mut power.backup, &wish.backup),
        };
        let heater = reach.heater(compressor, first(wished), guarded, free - compressor);
        free -= compressor + heater;
        into[0] = compressor;
        heater_into[0] = heater;
    }
    power
}

/// Whom to serve at what power, as wished for or as the guard wants.
fn choose<'a>(
    pump: &HeatPump,
    reach: &impl Fn(Sink) -> Option<&'a Reach<'a>>,
    wish: &HeatPumpPower,
    guarded: bool,
) -> Option<(Sink, Kilowatts)> {
    let wishes = [(Sink::Water, first(&wish.hot_water)), (Sink::Rooms, first(&wish.rooms))];
    let wished = wishes.into_iter().find(|(_, power)| *power > offpeak_domain::RUNNING);
    if !guarded {
        return wished;
    }
    let left_cold = [Sink::Water, Sink::Rooms].into_iter().find_map(|sink| {
        let reach = reach(sink)?;
        let power = wished.filter(|(served, _)| *served == sink).map_or(Kilowatts::ZERO, |(_, power)| power);
        reach.is_cold(power).then(|| (sink, reach.lifting_power()))
    });
    let (sink, power) = left_cold.or(wished)?;
    let reach = reach(sink)?;
    // What must run may not be stopped; `allow` sees to that.
    let must_run = pump.before.running && pump.before.intervals < pump.min_run;
    let cool = must_run || reach.level_at_least() <= reach.highest + GUARD * reach.band();
    cool.then(|| (sink, power.min(reach.filling_power())))
}

/// The nearest that the compressor may do.
fn allow<'a>(
    pump: &HeatPump,
    reach: &impl Fn(Sink) -> Option<&'a Reach<'a>>,
    wished: Option<(Sink, Kilowatts)>,
    free: Kilowatts,
) -> Option<(Sink, Kilowatts)> {
    let bound = pump.bound_by_state_before(1).0 > 0;
    let must_run = bound && pump.before.running;
    let capped = pump.start_caps.iter().any(|cap| cap.intervals.contains(&0) && cap.most == 0);
    let may_run = pump.before.running || !(bound || capped);
    if !may_run {
        return None;
    }
    let fitted = wished.and_then(|(sink, power)| {
        let compression = reach(sink)?.compression;
        let most = compression.max_power[0].min(free);
        let fits = most >= compression.min_power[0];
        fits.then(|| (sink, power.min(most).max(compression.min_power[0])))
    });
    if fitted.is_some() || !must_run {
        return fitted;
    }
    // Something must draw: the sink that draws least where room is scarce, or else the one that has most space.
    let least = |sink: &Sink| reach(*sink).map_or(f64::INFINITY, |reach| reach.compression.min_power[0].0);
    let space =
        |sink: &Sink| reach(*sink).map_or(f64::INFINITY, |reach| reach.level_at_least() - reach.highest);
    let sinks = || [Sink::Rooms, Sink::Water].into_iter().filter(|sink| reach(*sink).is_some());
    let fits = sinks().filter(|sink| least(sink) <= free.0).min_by(|a, b| space(a).total_cmp(&space(b)));
    let sink = fits.or_else(|| sinks().min_by(|a, b| least(a).total_cmp(&least(b))))?;
    Some((sink, Kilowatts(least(&sink))))
}

impl Reach<'_> {
    fn level(&self, compressor: Kilowatts) -> f64 {
        self.idle + self.per_compressor_kw * compressor.0
    }

    fn level_at_least(&self) -> f64 {
        self.level(self.compression.min_power[0])
    }

    fn band(&self) -> f64 {
        self.highest - self.lowest
    }

    /// Whether the level ends below the band in spite of the compressor.
    fn is_cold(&self, compressor: Kilowatts) -> bool {
        self.level(compressor) < self.lowest - GUARD * self.band()
    }

    /// Compressor power that leads a little way into the band.
    fn lifting_power(&self) -> Kilowatts {
        Kilowatts((self.lowest + LIFT * self.band() - self.idle) / self.per_compressor_kw)
    }

    /// Compressor power that leads to the top of the band; `allow` raises it to the least power.
    fn filling_power(&self) -> Kilowatts {
        Kilowatts((self.highest - self.idle) / self.per_compressor_kw)
    }

    /// Heater power: the wish, or what holds the lowest level where the compressor leaves it below the guard's.
    fn heater(&self, compressor: Kilowatts, wished: Kilowatts, guarded: bool, free: Kilowatts) -> Kilowatts {
        let needed = (self.lowest - self.level(compressor)) / self.per_heater_kw;
        let filling = (self.highest - self.level(compressor)) / self.per_heater_kw;
        let wanted = match guarded {
            true if self.is_cold(compressor) => wished.max(Kilowatts(needed)),
            true => wished.min(Kilowatts(filling)),
            false => wished,
        };
        at_least_or_off(wanted.min(self.heater_max).min(free), Kilowatts::ZERO)
    }
}

/// What rooms and tank do in the one interval, found by settling trial setpoints.
fn reaches(home: &Home, index: usize) -> (Option<Reach<'_>>, Option<Reach<'_>>) {
    let pump = &home.heat_pumps[index];
    let levels = |set: fn(&mut HeatPumpPower)| {
        let mut setpoints = Setpoints::idle(home);
        set(&mut setpoints.heat_pumps[index]);
        let schedule = Schedule::settle(home, setpoints);
        let rooms = schedule.room_temperature[index].as_ref().map_or(0.0, |theta| theta[1].0);
        let water = schedule.water_stored[index].as_ref().map_or(0.0, |stored| stored[1].0);
        [rooms, water]
    };
    let idle = levels(|_| ());
    let compressor = levels(|power| (power.rooms[0], power.hot_water[0]) = (Kilowatts(1.0), Kilowatts(1.0)));
    let heater = levels(|power| (power.backup[0], power.immersion[0]) = (Kilowatts(1.0), Kilowatts(1.0)));
    let rooms = pump.rooms.as_ref().map(|rooms| Reach {
        compression: &rooms.compression,
        idle: idle[0],
        per_compressor_kw: compressor[0] - idle[0],
        per_heater_kw: heater[0] - idle[0],
        lowest: rooms.lowest[0].0,
        highest: rooms.highest[0].0,
        heater_max: rooms.backup_max,
    });
    let water = pump.hot_water.as_ref().map(|water| Reach {
        compression: &water.compression,
        idle: idle[1],
        per_compressor_kw: compressor[1] - idle[1],
        per_heater_kw: heater[1] - idle[1],
        lowest: water.lowest[0].0,
        highest: water.highest[0].0,
        heater_max: water.heater_max,
    });
    (rooms, water)
}

fn first(powers: &[Kilowatts]) -> Kilowatts {
    powers.first().copied().unwrap_or_default()
}
