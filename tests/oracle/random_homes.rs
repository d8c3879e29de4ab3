//! Random tiny homes of the two kinds that the judges can solve exactly.

use std::ops::RangeInclusive;

use chrono::Duration;
use offpeak_domain::{
    Appliance, Battery, Cents, CentsPerGram, CentsPerKilowatt, CentsPerKilowattHour, Co2, CompressorState,
    Ev, EvDischarge, EvEnd, EvSession, GramsPerKilowattHour, HeatPump, HomeSpec, Horizon, HotWater,
    KilowattHours, Kilowatts, PeakCharge, PowerRange, Rooms, StartCap, Urgent,
};
use offpeak_tests::{appliance, at_start, battery, ct_per_kwh, ev, home, kw, kwh, power, pump, room, water};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::integer_grid::UNIT;

/// A home of four to six intervals with one to three devices that know only a few powers.
pub(crate) fn of_few_powers(random: &mut ChaCha8Rng) -> HomeSpec {
    let devices = random.random_range(1..=3);
    let intervals = if devices == 3 { 4 } else { random.random_range(4..=6) };
    let minutes = *pick(random, &[15, 60]);
    let first = *pick(random, &[minutes, minutes, 5]);
    let mut home = random_grid(random, intervals, minutes, first);
    if random.random_bool(0.3) {
        home.grid.peak_charges.push(PeakCharge {
            intervals: 0..intervals - 1,
            price: CentsPerKilowatt(tenths(random, 0..=300)),
            already_reached: Kilowatts(units(random, 0..=6)),
        });
    } else {
        home.grid.can_curtail = random.random_bool(0.5);
    }
    for _ in 0..devices {
        match random.random_range(0..5) {
            0 => home.batteries.push(two_power_battery(random, &home)),
            1 => home.evs.push(two_power_ev(random, &home)),
            2 => home.heat_pumps.push(fixed_speed_pump(random, &home)),
            3 => home.appliances.push(small_appliance(random, &home)),
            _ => home.evs.push(coming_and_going_ev(random, &home)),
        }
    }
    home
}

/// A home with `devices` lossless devices, whose powers, energies and limits are multiples of one unit.
pub(crate) fn of_whole_numbers(random: &mut ChaCha8Rng, devices: usize) -> HomeSpec {
    let intervals = if devices == 1 { random.random_range(8..=24) } else { random.random_range(5..=10) };
    let minutes = *pick(random, &[15, 60]);
    let mut home = random_grid(random, intervals, minutes, minutes);
    home.grid.can_curtail = random.random_bool(0.5);
    for _ in 0..devices {
        match random.random_range(0..3) {
            0 => home.batteries.push(whole_battery(random, &home)),
            1 => home.evs.push(whole_ev(random, &home)),
            _ => home.heat_pumps.push(whole_pump(random, &home)),
        }
    }
    home
}

fn pick<'a, T>(random: &mut ChaCha8Rng, choices: &'a [T]) -> &'a T {
    &choices[random.random_range(0..choices.len())]
}

/// A multiple of the unit of power.
fn units(random: &mut ChaCha8Rng, range: RangeInclusive<i32>) -> f64 {
    f64::from(random.random_range(range)) * UNIT
}

fn tenths(random: &mut ChaCha8Rng, range: RangeInclusive<i32>) -> f64 {
    f64::from(random.random_range(range)) / 10.0
}

fn series(intervals: usize, mut value: impl FnMut() -> f64) -> Vec<f64> {
    (0..intervals).map(|_| value()).collect()
}

/// Load, sun, prices and limits, all of which may be awkward: negative or inverted prices, fuses below the load.
fn random_grid(random: &mut ChaCha8Rng, intervals: usize, minutes: i64, first_minutes: i64) -> HomeSpec {
    let count = i64::try_from(intervals).expect("few");
    let edges = std::iter::once(at_start())
        .chain((0..count).map(|t| at_start() + Duration::minutes(first_minutes + t * minutes)))
        .collect();
    let flat = random.random_bool(0.1);
    let prices = series(intervals, || if flat { 30.0 } else { tenths(random, -200..=500) });
    let mut home = home(Horizon::from_edges(edges).expect("rising"), &prices);
    let grid = &mut home.grid;
    grid.load = kw(&series(intervals, || units(random, 0..=6)));
    if random.random_bool(0.6) {
        grid.pv = kw(&series(intervals, || units(random, 0..=10)));
    }
    match random.random_range(0..4) {
        0 => grid.export_price = ct_per_kwh(&vec![8.0; intervals]),
        1 => grid.export_price.clone_from(&grid.import_price),
        2 => grid.export_price = ct_per_kwh(&series(intervals, || tenths(random, -100..=300))),
        _ => {}
    }
    if random.random_bool(0.4) {
        grid.import_limit = kw(&series(intervals, || units(random, 2..=12)));
    }
    if random.random_bool(0.4) {
        grid.export_limit = kw(&series(intervals, || units(random, 0..=6)));
    }
    if random.random_bool(0.2) {
        let intensity = series(intervals, || f64::from(random.random_range(50..600)));
        let intensity = intensity.into_iter().map(GramsPerKilowattHour).collect();
        grid.co2 = Some(Co2 { intensity, weight: CentsPerGram(0.02) });
    }
    home
}

fn two_power_battery(random: &mut ChaCha8Rng, home: &HomeSpec) -> Battery {
    let capacity = units(random, 1..=8);
    let (charge, discharge) = (units(random, 1..=6), units(random, 1..=6));
    Battery {
        min_stored: KilowattHours(if random.random_bool(0.3) { 0.25 } else { 0.0 }),
        initial_stored: KilowattHours(capacity * *pick(random, &[0.0, 0.5, 1.0])),
        min_charge: Kilowatts(charge),
        max_charge: kw(&vec![charge; home.horizon.len()]),
        min_discharge: Kilowatts(discharge),
        max_discharge: kw(&vec![discharge; home.horizon.len()]),
        charge_efficiency: *pick(random, &[0.9, 0.95, 1.0]),
        discharge_efficiency: *pick(random, &[0.9, 0.95, 1.0]),
        self_discharge_per_hour: *pick(random, &[0.0, 0.05]),
        wear: CentsPerKilowattHour(*pick(random, &[0.0, 3.0])),
        end_floor: KilowattHours(capacity * *pick(random, &[0.0, 0.5])),
        end_value: CentsPerKilowattHour(*pick(random, &[0.0, 12.0])),
        end_shortfall_price: CentsPerKilowattHour(*pick(random, &[20.0, 500.0])),
        grid_charging: random.random_bool(0.7),
        grid_export: random.random_bool(0.7),
        ..battery(home, capacity, 1.0)
    }
}

/// A car in two phase modes, or with one and a way to feed the home, that stays throughout.
fn two_power_ev(random: &mut ChaCha8Rng, home: &HomeSpec) -> Ev {
    let low = units(random, 1..=4);
    let feeds = random.random_bool(0.5);
    let high = if feeds { Vec::new() } else { vec![power(low + 2.0..=low + 2.0)] };
    let capacity = units(random, 4..=10);
    let discharge = EvDischarge {
        power: power(1.5..=1.5),
        efficiency: 0.9,
        wear: CentsPerKilowattHour(2.0),
        reserve: KilowattHours(*pick(random, &[0.0, 1.0])),
        grid_export: random.random_bool(0.5),
    };
    let urgent = Urgent { energy: KilowattHours(1.0), price_ct_per_kwh_h: 200.0 };
    let end = EvEnd { target: KilowattHours(capacity * 0.75), value: CentsPerKilowattHour(25.0) };
    let has_end = random.random_bool(0.3);
    let target = (!has_end).then_some(KilowattHours(capacity * *pick(random, &[0.3, 0.8, 1.0])));
    Ev {
        initial_energy: KilowattHours(capacity * *pick(random, &[0.0, 0.2, 0.5])),
        charge_efficiency: *pick(random, &[0.9, 1.0]),
        discharge: feeds.then_some(discharge),
        sessions: vec![EvSession {
            connected: random.random_range(0..2)..home.horizon.len(),
            target,
            driven_before: KilowattHours(0.0),
        }],
        urgent: random.random_bool(0.3).then_some(urgent),
        end: has_end.then_some(end),
        ..ev(home, &[vec![power(low..=low)], high].concat(), capacity)
    }
}

/// A car that leaves with a wish, drives, and comes back.
fn coming_and_going_ev(random: &mut ChaCha8Rng, home: &HomeSpec) -> Ev {
    let charge = units(random, 2..=8);
    let capacity = units(random, 4..=10);
    let target = |share: f64| Some(KilowattHours(capacity * share));
    let first = EvSession { connected: 0..2, target: target(0.5), driven_before: KilowattHours(0.0) };
    let second = EvSession {
        connected: 3..home.horizon.len(),
        target: target(*pick(random, &[0.4, 1.0])),
        driven_before: KilowattHours(*pick(random, &[0.7, 1.5, 4.0])),
    };
    Ev {
        initial_energy: KilowattHours(capacity * *pick(random, &[0.1, 0.5])),
        charge_efficiency: 0.9,
        sessions: vec![first, second],
        shortfall_price: CentsPerKilowattHour(*pick(random, &[60.0, 500.0])),
        ..ev(home, &[power(charge..=charge)], capacity)
    }
}

fn fixed_speed_pump(random: &mut ChaCha8Rng, home: &HomeSpec) -> HeatPump {
    let speed = |random: &mut ChaCha8Rng| -> PowerRange {
        let speed = units(random, 2..=6);
        power(speed..=speed)
    };
    let sinks = random.random_range(0..3);
    let rooms = Rooms {
        gains: kw(&series(home.horizon.len(), || tenths(random, -20..=20))),
        discomfort_price: offpeak_domain::CentsPerKelvinHour(*pick(random, &[5.0, 100.0])),
        end_value_ct_per_k: *pick(random, &[0.0, 40.0]),
        ..room(home, speed(random))
    };
    let water = HotWater {
        initial: KilowattHours(tenths(random, -10..=60)),
        loss_per_hour: *pick(random, &[0.0, 0.02]),
        draw: kwh(&series(home.horizon.len(), || tenths(random, 0..=12))),
        end_floor: KilowattHours(2.0),
        end_value_ct_per_kwh: *pick(random, &[0.0, 9.0]),
        ..water(home, speed(random))
    };
    HeatPump {
        rooms: (sinks != 1).then_some(rooms),
        hot_water: (sinks != 0).then_some(water),
        ..random_rhythm(random, home)
    }
}

fn random_rhythm(random: &mut ChaCha8Rng, home: &HomeSpec) -> HeatPump {
    let cap = StartCap { intervals: 0..home.horizon.len(), most: random.random_range(0..=2) };
    HeatPump {
        min_run: random.random_range(1..=3),
        min_pause: random.random_range(1..=3),
        before: CompressorState { running: random.random_bool(0.5), intervals: random.random_range(0..=3) },
        start_cost: Cents(*pick(random, &[0.0, 5.0])),
        start_caps: if random.random_bool(0.3) { vec![cap] } else { Vec::new() },
        ..pump(home)
    }
}

fn small_appliance(random: &mut ChaCha8Rng, home: &HomeSpec) -> Appliance {
    let profile = pick(random, &[vec![2.0], vec![2.0, 0.5], vec![0.5, 3.0], vec![1.0, 2.0, 1.0]]).clone();
    let last = home.horizon.len() - profile.len();
    Appliance {
        interruptible: random.random_bool(0.5),
        skip_penalty: Cents(*pick(random, &[15.0, 1000.0])),
        ..appliance(home, &profile, random.random_range(0..=1)..=last)
    }
}

fn whole_battery(random: &mut ChaCha8Rng, home: &HomeSpec) -> Battery {
    let unit = UNIT * home.horizon.length(0).0;
    let mut energy = |range: RangeInclusive<i32>| KilowattHours(f64::from(random.random_range(range)) * unit);
    let (min_stored, initial_stored, max_stored, end_floor) =
        (energy(0..=1), energy(1..=4), energy(4..=10), energy(0..=4));
    Battery {
        min_stored,
        initial_stored,
        max_stored,
        end_floor,
        min_charge: Kilowatts(units(random, 0..=2)),
        max_charge: kw(&series(home.horizon.len(), || units(random, 0..=4))),
        min_discharge: Kilowatts(units(random, 0..=2)),
        wear: CentsPerKilowattHour(*pick(random, &[0.0, 4.0])),
        end_value: CentsPerKilowattHour(*pick(random, &[0.0, 20.0])),
        grid_charging: random.random_bool(0.6),
        grid_export: random.random_bool(0.6),
        ..battery(home, 0.0, units(random, 2..=4))
    }
}

fn whole_ev(random: &mut ChaCha8Rng, home: &HomeSpec) -> Ev {
    let feeds = random.random_bool(0.4);
    let charge_efficiency = if feeds { 1.0 } else { 0.9 };
    let intervals = home.horizon.len();
    let unit = UNIT * home.horizon.length(0).0 * charge_efficiency;
    let mut energy = |range: RangeInclusive<i32>| KilowattHours(f64::from(random.random_range(range)) * unit);
    let first = EvSession { connected: 0..2, target: Some(energy(1..=4)), driven_before: KilowattHours(0.0) };
    let driven_before = energy(1..=6);
    let second = EvSession { connected: 3..intervals, target: Some(energy(3..=10)), driven_before };
    let whole_stay = EvSession { connected: 1..intervals, ..first.clone() };
    let discharge = EvDischarge {
        reserve: energy(0..=3),
        power: power(UNIT..=3.0 * UNIT),
        efficiency: 1.0,
        wear: CentsPerKilowattHour(1.0),
        grid_export: feeds && random.random_bool(0.5),
    };
    let urgent = Urgent { energy: KilowattHours(2.0 * unit), price_ct_per_kwh_h: 300.0 };
    let apart = vec![power(UNIT..=2.0 * UNIT), power(4.0 * UNIT..=6.0 * UNIT)];
    let modes = pick(random, &[apart, vec![power(2.0 * UNIT..=4.0 * UNIT)]]).clone();
    let initial_energy = KilowattHours(f64::from(random.random_range(0..=4)) * unit);
    Ev {
        initial_energy,
        charge_efficiency,
        discharge: feeds.then_some(discharge),
        sessions: if random.random_bool(0.5) { vec![first, second] } else { vec![whole_stay] },
        urgent: random.random_bool(0.3).then_some(urgent),
        ..ev(home, &modes, 10.0 * unit)
    }
}

fn whole_pump(random: &mut ChaCha8Rng, home: &HomeSpec) -> HeatPump {
    let least = random.random_range(1..=2);
    let most = least + random.random_range(0..=2);
    let electric = power(f64::from(least) * UNIT..=f64::from(most) * UNIT);
    let heat = UNIT * home.horizon.length(0).0 * 2.0;
    let mut stored = |range: RangeInclusive<i32>| f64::from(random.random_range(range)) * heat;
    let intervals = home.horizon.len();
    let tank = HotWater {
        initial: KilowattHours(stored(-1..=6)),
        lowest: kwh(&vec![stored(0..=2); intervals]),
        highest: kwh(&vec![stored(6..=10); intervals]),
        end_floor: KilowattHours(stored(1..=5)),
        draw: kwh(&series(intervals, || stored(-2..=2).max(0.0))),
        end_value_ct_per_kwh: *pick(random, &[0.0, 9.0]),
        ..water(home, electric)
    };
    HeatPump { hot_water: Some(tank), ..random_rhythm(random, home) }
}
