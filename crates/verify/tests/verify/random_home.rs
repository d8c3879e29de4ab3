//! Random small homes with awkward prices, limits and devices.

use chrono::Duration;
use offpeak_domain::{
    Appliance, Battery, Celsius, Cents, CentsPerGram, CentsPerKilowatt, CentsPerKilowattHour, Co2,
    Compression, CompressorState, Ev, EvDischarge, EvEnd, EvSession, GramsPerKilowattHour, HeatPump, Home,
    HomeSpec, Horizon, HotWater, KilowattHours, Kilowatts, PeakCharge, Rooms, StartCap, Urgent,
};
use offpeak_testhomes::plain;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// How a home's devices choose their power.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Powers {
    /// From ranges.
    Ranges,
    /// On or off.
    OnOff,
}

pub(crate) fn pick<T: Copy>(random: &mut ChaCha8Rng, choices: &[T]) -> T {
    choices[random.random_range(0..choices.len())]
}

pub(crate) fn between(random: &mut ChaCha8Rng, lo: f64, hi: f64) -> f64 {
    lo + (hi - lo) * random.random::<f64>()
}

pub(crate) fn chance(random: &mut ChaCha8Rng, share: f64) -> bool {
    random.random::<f64>() < share
}

/// A home of `intervals` without devices; the first interval is cut short now and then.
pub(crate) fn grid(random: &mut ChaCha8Rng, intervals: usize) -> HomeSpec {
    let minutes = pick(random, &[15, 30, 60]);
    let first = pick(random, &[minutes, minutes, 7]);
    let count = i64::try_from(intervals).expect("few");
    let edges = std::iter::once(plain::at_start())
        .chain((0..count).map(|t| plain::at_start() + Duration::minutes(first + t * minutes)));
    let prices: Vec<f64> = (0..intervals).map(|_| between(random, -10.0, 45.0)).collect();
    let mut home = plain::home(Horizon::from_edges(edges.collect()).expect("rising"), &prices);
    let grid = &mut home.grid;
    let series = |random: &mut ChaCha8Rng, lo: f64, hi: f64| -> Vec<f64> {
        (0..intervals).map(|_| between(random, lo, hi)).collect()
    };
    grid.load = plain::kw(&series(random, 0.0, 3.0));
    if chance(random, 0.7) {
        grid.pv = plain::kw(&series(random, 0.0, 5.0));
    }
    match random.random_range(0..4) {
        0 => grid.export_price = vec![CentsPerKilowattHour(8.0); intervals],
        1 => grid.export_price.clone_from(&grid.import_price),
        2 => grid.export_price = plain::ct_per_kwh(&series(random, -10.0, 30.0)),
        _ => {}
    }
    if chance(random, 0.4) {
        grid.import_limit = plain::kw(&series(random, 1.0, 8.0));
    }
    if chance(random, 0.4) {
        grid.export_limit = plain::kw(&series(random, 0.0, 3.0));
    }
    grid.can_curtail = chance(random, 0.5);
    if chance(random, 0.4) {
        grid.peak_charges.push(PeakCharge {
            intervals: random.random_range(0..2)..intervals,
            price: CentsPerKilowatt(between(random, 0.0, 20.0)),
            already_reached: Kilowatts(between(random, 0.0, 2.0)),
        });
    }
    if chance(random, 0.2) {
        let intensity = series(random, 50.0, 600.0).into_iter().map(GramsPerKilowattHour).collect();
        grid.co2 = Some(Co2 { intensity, weight: CentsPerGram(0.02) });
    }
    home
}

/// A home with up to three devices of ranges.
pub(crate) fn any(random: &mut ChaCha8Rng) -> Home {
    let intervals = random.random_range(4..=8);
    let mut home = grid(random, intervals);
    for _ in 0..random.random_range(1..=3) {
        let powers = pick(random, &[Powers::Ranges, Powers::Ranges, Powers::OnOff]);
        match random.random_range(0..5) {
            0 | 1 => home.batteries.push(battery(random, &home, powers)),
            2 => home.evs.push(ev(random, &home, powers)),
            3 => home.heat_pumps.push(pump(random, &home, powers)),
            _ => home.appliances.push(appliance(random, &home)),
        }
    }
    Home::new(home).expect("a possible home")
}

pub(crate) fn battery(random: &mut ChaCha8Rng, home: &HomeSpec, powers: Powers) -> Battery {
    let capacity = between(random, 0.5, 4.0);
    let (charge, discharge) = (between(random, 0.5, 3.0), between(random, 0.5, 3.0));
    let least = |random: &mut ChaCha8Rng, most: f64| match powers {
        Powers::OnOff => most,
        Powers::Ranges => most * pick(random, &[0.0, 0.0, 0.3]),
    };
    Battery {
        min_stored: KilowattHours(capacity * pick(random, &[0.0, 0.2])),
        initial_stored: KilowattHours(capacity * pick(random, &[0.0, 0.1, 0.5, 1.0])),
        min_charge: Kilowatts(least(random, charge)),
        max_charge: plain::kw(&vec![charge; home.horizon.len()]),
        min_discharge: Kilowatts(least(random, discharge)),
        max_discharge: plain::kw(&vec![discharge; home.horizon.len()]),
        charge_efficiency: pick(random, &[0.9, 0.95, 1.0]),
        discharge_efficiency: pick(random, &[0.85, 0.95, 1.0]),
        self_discharge_per_hour: pick(random, &[0.0, 0.05]),
        wear: CentsPerKilowattHour(pick(random, &[0.0, 3.0])),
        end_floor: KilowattHours(capacity * pick(random, &[0.0, 0.5])),
        end_value: CentsPerKilowattHour(pick(random, &[0.0, 12.0])),
        end_shortfall_price: CentsPerKilowattHour(pick(random, &[20.0, 500.0])),
        grid_charging: chance(random, 0.6),
        grid_export: chance(random, 0.6),
        ..plain::battery(home, capacity, 1.0)
    }
}

/// A car that is away for an interval or two in the middle, or stays.
pub(crate) fn ev(random: &mut ChaCha8Rng, home: &HomeSpec, powers: Powers) -> Ev {
    let intervals = home.horizon.len();
    let capacity = between(random, 2.0, 8.0);
    let low = between(random, 0.5, 2.0);
    let (mode, second, feed) = match powers {
        Powers::OnOff => (plain::power(low..=low), plain::power(3.0..=3.0), plain::power(1.2..=1.2)),
        Powers::Ranges => (plain::power(low..=2.5), plain::power(3.0..=4.0), plain::power(0.5..=2.0)),
    };
    let target = |random: &mut ChaCha8Rng| chance(random, 0.7).then_some(KilowattHours(capacity * 0.7));
    let session = |connected, target, driven: f64| EvSession {
        connected,
        target,
        driven_before: KilowattHours(driven),
    };
    let away = random.random_range(1..intervals - 2);
    let sessions = if chance(random, 0.5) {
        vec![
            session(0..away, target(random), 0.0),
            session(away + 1..intervals, target(random), between(random, 0.5, 3.0)),
        ]
    } else {
        vec![session(0..intervals, target(random), 0.0)]
    };
    Ev {
        initial_energy: KilowattHours(capacity * pick(random, &[0.0, 0.3, 0.8])),
        capacity: KilowattHours(capacity),
        charge_efficiency: pick(random, &[0.9, 1.0]),
        modes: if chance(random, 0.5) { vec![mode] } else { vec![mode, second] },
        discharge: chance(random, 0.6).then_some(EvDischarge {
            power: feed,
            efficiency: pick(random, &[0.9, 1.0]),
            wear: CentsPerKilowattHour(2.0),
            reserve: KilowattHours(capacity * 0.2),
            grid_export: chance(random, 0.5),
        }),
        sessions,
        shortfall_price: CentsPerKilowattHour(pick(random, &[60.0, 500.0])),
        urgent: chance(random, 0.4)
            .then_some(Urgent { energy: KilowattHours(capacity * 0.4), price_ct_per_kwh_h: 100.0 }),
        end: chance(random, 0.4)
            .then_some(EvEnd { target: KilowattHours(capacity * 0.6), value: CentsPerKilowattHour(20.0) }),
        ..plain::ev(home, &[], capacity)
    }
}

/// A heat pump for rooms, hot water or both.
pub(crate) fn pump(random: &mut ChaCha8Rng, home: &HomeSpec, powers: Powers) -> HeatPump {
    let sinks = random.random_range(0..4);
    HeatPump {
        rooms: (sinks != 0).then(|| rooms(random, home, powers)),
        hot_water: (sinks != 1).then(|| hot_water(random, home, powers)),
        ..automaton(random, home)
    }
}

/// A heat pump with minimum times, start costs and caps, without sinks.
pub(crate) fn automaton(random: &mut ChaCha8Rng, home: &HomeSpec) -> HeatPump {
    let intervals = home.horizon.len();
    let cap = StartCap { intervals: 0..random.random_range(1..=intervals), most: random.random_range(0..2) };
    HeatPump {
        min_run: random.random_range(0..4),
        min_pause: random.random_range(0..4),
        before: CompressorState { running: chance(random, 0.5), intervals: random.random_range(0..4) },
        start_cost: Cents(pick(random, &[0.0, 6.0])),
        start_caps: if chance(random, 0.4) { vec![cap] } else { Vec::new() },
        ..plain::pump(home)
    }
}

fn compression(random: &mut ChaCha8Rng, home: &HomeSpec, powers: Powers) -> Compression {
    let most = between(random, 0.8, 2.0);
    let least = if powers == Powers::OnOff { most } else { 0.4 };
    let intervals = home.horizon.len();
    Compression {
        min_power: plain::kw(&vec![least; intervals]),
        max_power: plain::kw(&vec![most; intervals]),
        cop: (0..intervals).map(|_| between(random, 2.0, 4.0)).collect(),
    }
}

pub(crate) fn rooms(random: &mut ChaCha8Rng, home: &HomeSpec, powers: Powers) -> Rooms {
    let intervals = home.horizon.len();
    let heater = if powers == Powers::OnOff { 0.0 } else { pick(random, &[0.0, 2.0]) };
    Rooms {
        compression: compression(random, home, powers),
        initial: Celsius(between(random, 19.5, 22.0)),
        outdoor: (0..intervals).map(|_| Celsius(between(random, -8.0, 8.0))).collect(),
        gains: vec![Kilowatts(0.3); intervals],
        lowest: vec![Celsius(20.5); intervals],
        highest: vec![Celsius(21.5); intervals],
        discomfort_price: offpeak_domain::CentsPerKelvinHour(60.0),
        backup_max: Kilowatts(heater),
        end_floor: Celsius(21.0),
        end_value_ct_per_k: pick(random, &[0.0, 60.0]),
        end_shortfall_price_ct_per_k: 300.0,
        ..plain::room(home, plain::power(1.0..=1.0))
    }
}

pub(crate) fn hot_water(random: &mut ChaCha8Rng, home: &HomeSpec, powers: Powers) -> HotWater {
    let intervals = home.horizon.len();
    let heater = if powers == Powers::OnOff { 0.0 } else { pick(random, &[0.0, 1.5]) };
    HotWater {
        compression: compression(random, home, powers),
        initial: KilowattHours(between(random, 0.5, 4.0)),
        loss_per_hour: 0.02,
        draw: (0..intervals).map(|_| KilowattHours(pick(random, &[0.0, 0.8]))).collect(),
        lowest: vec![KilowattHours(1.0); intervals],
        highest: vec![KilowattHours(4.0); intervals],
        discomfort_price_ct_per_kwh_h: 50.0,
        heater_max: Kilowatts(heater),
        end_floor: KilowattHours(2.0),
        end_value_ct_per_kwh: pick(random, &[0.0, 6.0]),
        end_shortfall_price_ct_per_kwh: 80.0,
    }
}

pub(crate) fn appliance(random: &mut ChaCha8Rng, home: &HomeSpec) -> Appliance {
    let profile = pick(random, &[&[1.5, 0.7][..], &[2.0], &[0.5, 0.0, 1.0]]);
    let last = home.horizon.len() - profile.len();
    let earliest = random.random_range(0..=last);
    Appliance {
        interruptible: chance(random, 0.5),
        skip_penalty: Cents(pick(random, &[5.0, 100.0])),
        ..plain::appliance(home, profile, earliest..=random.random_range(earliest..=last))
    }
}
