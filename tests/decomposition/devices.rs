//! Random devices with all their rules.

use offpeak_domain::{
    Appliance, Battery, Celsius, Cents, CentsPerKelvinHour, CentsPerKilowattHour, CompressorState, Ev,
    EvDischarge, EvEnd, EvSession, HeatPump, HomeSpec, HotWater, KilowattHours, Kilowatts, PowerRange, Rooms,
    Urgent,
};
use offpeak_tests::{appliance, battery, ev, kw, kwh, power, pump, room, water};

use crate::draw::Draw;

/// A battery with losses and any of the four rules for charging from and discharging into the grid.
pub(crate) fn any_battery(draw: &mut Draw, home: &HomeSpec) -> Battery {
    let capacity = draw.number(3.0..12.0);
    let share = |share: f64| KilowattHours(capacity * share);
    Battery {
        min_stored: share(draw.pick(&[0.0, 0.0, 0.1])),
        initial_stored: share(draw.pick(&[0.0, 0.05, 0.5, 1.0])),
        charge_efficiency: draw.number(0.85..1.0),
        discharge_efficiency: draw.number(0.85..1.0),
        self_discharge_per_hour: draw.pick(&[0.0, 0.002]),
        wear: CentsPerKilowattHour(draw.pick(&[0.0, 2.0, 6.0])),
        end_floor: share(draw.pick(&[0.0, 0.3, 0.5])),
        end_value: CentsPerKilowattHour(draw.pick(&[0.0, 12.0, 25.0])),
        grid_charging: draw.chance(0.5),
        grid_export: draw.chance(0.5),
        ..battery(home, capacity, draw.number(1.5..5.0))
    }
}

/// A battery that charges and discharges with no less than some power.
pub(crate) fn stepping_battery(draw: &mut Draw, home: &HomeSpec) -> Battery {
    let plain = any_battery(draw, home);
    Battery {
        min_charge: Kilowatts(draw.number(0.3..1.5)),
        min_discharge: Kilowatts(draw.number(0.3..1.5)),
        ..plain
    }
}

/// Phase modes apart, overlapping, or one.
fn modes(draw: &mut Draw) -> Vec<PowerRange> {
    let (one, three) = (power(1.38..=3.68), power(4.14..=11.0));
    match draw.count(0..4) {
        0 => vec![three],
        1 => vec![power(1.38..=7.36), three],
        2 => vec![power(3.7..=3.7)],
        _ => vec![one, three],
    }
}

/// A car that stays once, somewhere in the horizon.
pub(crate) fn any_ev(draw: &mut Draw, home: &HomeSpec) -> Ev {
    let count = home.horizon.len();
    let capacity = draw.number(8.0..40.0);
    let share = |share: f64| KilowattHours(capacity * share);
    let urgent = Urgent { energy: share(0.3), price_ct_per_kwh_h: draw.pick(&[50.0, 300.0]) };
    let end = EvEnd { target: share(0.8), value: CentsPerKilowattHour(draw.number(5.0..35.0)) };
    let open_end = draw.chance(0.3);
    let target = (!open_end).then(|| share(draw.number(0.3..1.0)));
    let departure = if open_end { count } else { draw.count(count / 2..count + 1) };
    let connected = draw.count(0..count / 3)..departure;
    Ev {
        initial_energy: share(draw.pick(&[0.0, 0.2, 0.5])),
        charge_efficiency: draw.pick(&[0.88, 0.9, 1.0]),
        sessions: vec![EvSession { connected, target, driven_before: KilowattHours(0.0) }],
        urgent: draw.chance(0.3).then_some(urgent),
        end: open_end.then_some(end),
        shortfall_price: CentsPerKilowattHour(draw.pick(&[60.0, 500.0])),
        ..ev(home, &modes(draw), capacity)
    }
}

/// A car that may feed the home, or the grid too, down to a reserve.
pub(crate) fn feeding_ev(draw: &mut Draw, home: &HomeSpec, grid_export: bool) -> Ev {
    let plain = any_ev(draw, home);
    let discharge = EvDischarge {
        power: power(draw.pick(&[0.0, 1.4])..=draw.number(2.0..8.0)),
        efficiency: draw.pick(&[0.9, 1.0]),
        wear: CentsPerKilowattHour(draw.pick(&[0.0, 4.0])),
        reserve: KilowattHours(plain.capacity.0 * draw.pick(&[0.0, 0.2, 0.6])),
        grid_export,
    };
    Ev { discharge: Some(discharge), ..plain }
}

/// A car that is there three times and drives in between, once further than it can be charged for.
pub(crate) fn commuting_ev(draw: &mut Draw, home: &HomeSpec) -> Ev {
    let plain = any_ev(draw, home);
    let (quarter, count) = (home.horizon.len() / 4, home.horizon.len());
    let mut stay = |from: usize, to: usize, driven: f64| EvSession {
        connected: from..to,
        target: Some(KilowattHours(plain.capacity.0 * draw.pick(&[0.3, 0.6, 1.0]))),
        driven_before: KilowattHours(driven),
    };
    let sessions =
        vec![stay(0, quarter, 0.0), stay(quarter + 1, 2 * quarter, 3.0), stay(3 * quarter, count, 12.0)];
    Ev { sessions, end: None, ..plain }
}

/// A pump for rooms, water or both that runs as it likes.
pub(crate) fn any_pump(draw: &mut Draw, home: &HomeSpec) -> HeatPump {
    let sinks = draw.pick(&[(true, false), (false, true), (true, true)]);
    any_pump_for(draw, home, sinks, power(0.6..=2.5))
}

/// A pump for rooms or water or both at powers within `electric`.
pub(crate) fn any_pump_for(
    draw: &mut Draw,
    home: &HomeSpec,
    (heats_rooms, heats_water): (bool, bool),
    electric: PowerRange,
) -> HeatPump {
    let (least_run, least_pause) = (draw.count(1..5), draw.count(1..5));
    HeatPump {
        rooms: heats_rooms.then(|| any_rooms(draw, home, electric)),
        hot_water: heats_water.then(|| any_water(draw, home, electric)),
        min_run: least_run,
        min_pause: least_pause,
        start_cost: Cents(draw.pick(&[0.0, 0.0, 3.0])),
        ..pump(home)
    }
}

fn any_rooms(draw: &mut Draw, home: &HomeSpec, electric: PowerRange) -> Rooms {
    let outdoor = draw.series(home, -5.0..12.0).into_iter().map(Celsius).collect();
    Rooms {
        outdoor,
        gains: kw(&draw.series(home, 0.0..1.0)),
        initial: Celsius(draw.pick(&[19.5, 20.5, 21.0, 22.5])),
        discomfort_price: CentsPerKelvinHour(draw.pick(&[10.0, 100.0])),
        backup_max: Kilowatts(draw.pick(&[0.0, 3.0])),
        end_value_ct_per_k: draw.pick(&[0.0, 30.0]),
        end_shortfall_price_ct_per_k: draw.pick(&[60.0, 500.0]),
        ..room(home, electric)
    }
}

fn any_water(draw: &mut Draw, home: &HomeSpec, electric: PowerRange) -> HotWater {
    HotWater {
        initial: KilowattHours(draw.pick(&[-0.5, 2.0, 4.0, 9.0])),
        loss_per_hour: draw.pick(&[0.0, 0.01]),
        draw: kwh(&draw.series(home, 0.0..0.5)),
        heater_max: Kilowatts(draw.pick(&[0.0, 2.0])),
        end_value_ct_per_kwh: draw.pick(&[0.0, 8.0]),
        ..water(home, electric)
    }
}

/// What the compressor did before binds in the first intervals.
pub(crate) fn bind_by_the_past(draw: &mut Draw, pump: &mut HeatPump) {
    pump.min_run = draw.count(3..7);
    pump.min_pause = draw.count(3..7);
    pump.before = CompressorState { running: draw.chance(0.5), intervals: draw.count(0..3) };
}

/// An appliance that must start within a window.
pub(crate) fn any_appliance(draw: &mut Draw, home: &HomeSpec, interruptible: bool) -> Appliance {
    let length = draw.count(1..6);
    let profile: Vec<f64> = (0..length).map(|_| draw.number(0.1..2.5)).collect();
    let last = home.horizon.len() - length;
    let earliest = draw.count(0..last / 2);
    Appliance { interruptible, ..appliance(home, &profile, earliest..=draw.count(earliest..last + 1)) }
}
