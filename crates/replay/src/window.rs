//! Cuts a home on a few intervals out of a span: with a state to begin with, and as the truth or a forecast has it.

use std::ops::Range;

use offpeak_domain::{
    Appliance, Battery, Celsius, CentsPerKilowattHour, Co2, Compression, Ev, EvSession, GramsPerKilowattHour,
    Grid, HeatPump, Home, HomeSpec, Horizon, HotWater, InvalidInput, KilowattHours, Kilowatts, PeakCharge,
    Rooms, StartCap,
};

use crate::outlook::{Outlook, Stay};
use crate::signal::{Part, Signal};
use crate::span::Span;
use crate::state::{PumpState, State};

/// What to cut, and with which state it begins.
#[derive(Clone)]
pub(crate) struct Frame<'a> {
    pub(crate) span: &'a Span,
    pub(crate) state: &'a State,
    /// Intervals of the span.
    pub(crate) range: Range<usize>,
}

/// The home on the intervals of `frame`, without worth or wish at its end, with `appliances` and what `more_load` adds.
pub(crate) fn cut(
    frame: &Frame<'_>,
    outlook: &dyn Outlook,
    appliances: Vec<Appliance>,
    more_load: &dyn Fn(usize) -> Kilowatts,
) -> Result<Home, InvalidInput> {
    let Frame { span, state, range } = frame;
    let home = span.home();
    let edges = home.horizon.edges()[range.start..=range.end].to_vec();
    let batteries = home.batteries.iter().zip(&state.batteries);
    let evs = home.evs.iter().zip(&state.evs).enumerate();
    let pumps = home.heat_pumps.iter().zip(&state.heat_pumps).enumerate();
    Home::new(HomeSpec {
        id: home.id.clone(),
        time_zone: home.time_zone,
        horizon: Horizon::from_edges(edges)?,
        grid: grid(frame, outlook, more_load),
        batteries: batteries.map(|(battery, stored)| cut_battery(battery, *stored, range)).collect(),
        evs: evs
            .map(|(index, (ev, energy))| cut_ev(ev, *energy, &outlook.stays(index, range), range))
            .collect(),
        heat_pumps: pumps
            .map(|(index, (pump, before))| cut_pump(pump, before, index, outlook, range))
            .collect(),
        appliances,
    })
}

fn values<T>(outlook: &dyn Outlook, signal: Signal, range: &Range<usize>, unit: fn(f64) -> T) -> Vec<T> {
    range.clone().map(|t| unit(outlook.value(signal, t))).collect()
}

fn grid(frame: &Frame<'_>, outlook: &dyn Outlook, more_load: &dyn Fn(usize) -> Kilowatts) -> Grid {
    let Frame { span, state, range } = frame;
    let grid = &span.home().grid;
    let power = |signal| values(outlook, signal, range, Kilowatts);
    let price = |signal| values(outlook, signal, range, CentsPerKilowattHour);
    let load = power(Signal::Load);
    Grid {
        load: load.into_iter().zip(range.clone()).map(|(load, t)| load + more_load(t)).collect(),
        pv: power(Signal::Pv),
        can_curtail: grid.can_curtail,
        import_price: price(Signal::ImportPrice),
        export_price: price(Signal::ExportPrice),
        import_limit: power(Signal::ImportLimit),
        export_limit: power(Signal::ExportLimit),
        overshoot_price: grid.overshoot_price,
        peak_charges: peak_charges(&grid.peak_charges, &state.peaks, range),
        co2: grid.co2.as_ref().map(|co2| Co2 {
            intensity: values(outlook, Signal::Carbon, range, GramsPerKilowattHour),
            weight: co2.weight,
        }),
    }
}

fn peak_charges(charges: &[PeakCharge], peaks: &[Kilowatts], range: &Range<usize>) -> Vec<PeakCharge> {
    let within = charges.iter().zip(peaks).map(|(charge, reached)| PeakCharge {
        intervals: shifted(&charge.intervals, range),
        price: charge.price,
        already_reached: *reached,
    });
    within.filter(|charge| !charge.intervals.is_empty()).collect()
}

/// The part of `intervals` that lies in `range`, counted from its start.
pub(crate) fn shifted(intervals: &Range<usize>, range: &Range<usize>) -> Range<usize> {
    let start = intervals.start.clamp(range.start, range.end) - range.start;
    let end = intervals.end.clamp(range.start, range.end) - range.start;
    start..end.max(start)
}

fn cut_battery(battery: &Battery, stored: KilowattHours, range: &Range<usize>) -> Battery {
    Battery {
        id: battery.id.clone(),
        initial_stored: stored.max(KilowattHours::ZERO).min(battery.max_stored),
        max_charge: battery.max_charge[range.clone()].to_vec(),
        max_discharge: battery.max_discharge[range.clone()].to_vec(),
        end_floor: KilowattHours::ZERO,
        end_value: CentsPerKilowattHour::ZERO,
        ..*battery
    }
}

fn cut_ev(ev: &Ev, energy: KilowattHours, stays: &[Stay], range: &Range<usize>) -> Ev {
    let sessions = stays.iter().map(|stay| {
        let ends_within = stay.connected.end <= range.end && stay.connected.start < range.end;
        EvSession {
            connected: shifted(&stay.connected, range),
            target: stay.target.filter(|_| ends_within),
            // What was driven before a stay that has begun is in the car's energy already.
            driven_before: if stay.connected.start > range.start { stay.driven } else { KilowattHours::ZERO },
        }
    });
    Ev {
        id: ev.id.clone(),
        initial_energy: energy.max(KilowattHours::ZERO).min(ev.capacity),
        modes: ev.modes.clone(),
        discharge: ev.discharge.clone(),
        sessions: sessions.collect(),
        end: None,
        ..*ev
    }
}

fn cut_pump(
    pump: &HeatPump,
    before: &PumpState,
    index: usize,
    outlook: &dyn Outlook,
    range: &Range<usize>,
) -> HeatPump {
    let rooms = pump.rooms.as_ref().map(|rooms| cut_rooms(rooms, before, index, outlook, range));
    let hot_water = pump.hot_water.as_ref().map(|water| cut_water(water, before, index, outlook, range));
    let caps = pump.start_caps.iter().map(|cap| StartCap {
        intervals: shifted(&cap.intervals, range),
        most: if cap.intervals.contains(&range.start) {
            cap.most.saturating_sub(before.starts_today)
        } else {
            cap.most
        },
    });
    HeatPump {
        id: pump.id.clone(),
        rooms,
        hot_water,
        before: before.compressor,
        start_caps: caps.filter(|cap| !cap.intervals.is_empty()).collect(),
        ..*pump
    }
}

fn cut_rooms(
    rooms: &Rooms,
    before: &PumpState,
    index: usize,
    outlook: &dyn Outlook,
    range: &Range<usize>,
) -> Rooms {
    Rooms {
        compression: compression(|part| Signal::RoomsPower(index, part), outlook, range),
        initial: before.rooms.unwrap_or(rooms.initial),
        outdoor: values(outlook, Signal::Outdoor(index), range, Celsius),
        gains: values(outlook, Signal::Gains(index), range, Kilowatts),
        lowest: rooms.lowest[range.clone()].to_vec(),
        highest: rooms.highest[range.clone()].to_vec(),
        end_floor: Celsius(-100.0),
        end_value_ct_per_k: 0.0,
        ..*rooms
    }
}

fn cut_water(
    water: &HotWater,
    before: &PumpState,
    index: usize,
    outlook: &dyn Outlook,
    range: &Range<usize>,
) -> HotWater {
    HotWater {
        compression: compression(|part| Signal::WaterPower(index, part), outlook, range),
        initial: before.water.unwrap_or(water.initial),
        draw: values(outlook, Signal::Draw(index), range, KilowattHours),
        lowest: water.lowest[range.clone()].to_vec(),
        highest: water.highest[range.clone()].to_vec(),
        end_floor: KilowattHours(-1e6),
        end_value_ct_per_kwh: 0.0,
        ..*water
    }
}

fn compression(signal: impl Fn(Part) -> Signal, outlook: &dyn Outlook, range: &Range<usize>) -> Compression {
    let part = |part| values(outlook, signal(part), range, |value| value);
    Compression {
        min_power: part(Part::Least).into_iter().map(Kilowatts).collect(),
        max_power: part(Part::Most).into_iter().map(Kilowatts).collect(),
        cop: part(Part::Cop),
    }
}
