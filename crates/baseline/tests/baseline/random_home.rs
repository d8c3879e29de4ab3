//! Random homes that are possible but unkind: narrow limits, odd states before the horizon, several of everything.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use chrono_tz::Europe::Berlin;
use offpeak_domain::{
    Appliance, Battery, Building, Celsius, Cents, CentsPerKelvinHour, CentsPerKilowatt, CentsPerKilowattHour,
    Compression, CompressorState, DEFAULT_OVERSHOOT_PRICE, DEFAULT_SHORTFALL_PRICE, DEFAULT_SKIP_PENALTY, Ev,
    EvDischarge, EvEnd, EvSession, Grid, HeatPump, Home, HomeSpec, Horizon, HotWater, KelvinsPerKilowatt,
    KilowattHours, KilowattHoursPerKelvin, Kilowatts, PeakCharge, PowerRange, Rooms, StartCap, Urgent,
};

/// A small generator of pseudo-random numbers (SplitMix64): the same homes on every machine.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number in `low..high`.
    pub(crate) fn number(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * ((self.next() >> 11) as f64 / (1_u64 << 53) as f64)
    }

    /// A whole number in `low..=high`.
    pub(crate) fn whole(&mut self, low: usize, high: usize) -> usize {
        low + usize::try_from(self.next() % (high - low + 1) as u64).expect("small")
    }

    /// True once in `times`.
    pub(crate) fn once_in(&mut self, times: u64) -> bool {
        self.next().is_multiple_of(times)
    }

    fn each(&mut self, count: usize, low: f64, high: f64) -> Vec<f64> {
        (0..count).map(|_| self.number(low, high)).collect()
    }

    fn kilowatts(&mut self, count: usize, low: f64, high: f64) -> Vec<Kilowatts> {
        self.each(count, low, high).into_iter().map(Kilowatts).collect()
    }
}

/// Days of 92, 96 and 100 quarter-hours, an hourly day, two days, and one whose first interval is short.
pub(crate) fn horizon(dice: &mut Dice) -> Horizon {
    let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).expect("a real date");
    let local = |date, days, minutes| Horizon::local_days(date, days, Berlin, minutes).expect("divides");
    match dice.whole(0, 5) {
        0 => local(day(2026, 3, 29), 1, 15),
        1 => local(day(2025, 10, 26), 1, 15),
        2 => local(day(2026, 1, 15), 1, 60),
        3 => local(day(2026, 1, 15), 2, 15),
        4 => {
            let whole = local(day(2026, 1, 15), 1, 15);
            let mut edges: Vec<DateTime<Utc>> = whole.edges().to_vec();
            edges[0] += Duration::minutes(8);
            Horizon::from_edges(edges).expect("still increasing")
        }
        _ => local(day(2026, 7, 1), 1, 15),
    }
}

/// A home with up to two of each device.
pub(crate) fn home(seed: u64) -> Home {
    let mut dice = Dice::new(seed);
    let dice = &mut dice;
    let horizon = horizon(dice);
    let count = horizon.len();
    let spec = HomeSpec {
        id: format!("home-{seed}"),
        time_zone: Berlin,
        grid: grid(dice, count),
        batteries: (0..dice.whole(0, 2)).map(|n| battery(dice, &format!("battery-{n}"), count)).collect(),
        evs: (0..dice.whole(0, 2)).map(|n| ev(dice, &format!("ev-{n}"), count)).collect(),
        heat_pumps: (0..dice.whole(0, 2)).map(|n| heat_pump(dice, &format!("pump-{n}"), count)).collect(),
        appliances: (0..dice.whole(0, 2)).map(|n| appliance(dice, &format!("washer-{n}"), count)).collect(),
        horizon,
    };
    Home::new(spec).expect("a possible home")
}

fn grid(dice: &mut Dice, count: usize) -> Grid {
    let load = dice.kilowatts(count, 0.0, 3.0);
    let sunny = dice.once_in(2);
    let pv = dice.kilowatts(count, 0.0, if sunny { 10.0 } else { 0.1 });
    let wide = dice.once_in(2);
    let limits = if wide { (25.0, 30.0) } else { (1.0, 9.0) };
    Grid {
        import_limit: dice.kilowatts(count, limits.0, limits.1),
        export_limit: dice.kilowatts(count, 0.0, 12.0),
        can_curtail: dice.once_in(2),
        import_price: dice.each(count, -10.0, 50.0).into_iter().map(CentsPerKilowattHour).collect(),
        export_price: dice.each(count, -5.0, 20.0).into_iter().map(CentsPerKilowattHour).collect(),
        overshoot_price: DEFAULT_OVERSHOOT_PRICE,
        peak_charges: vec![PeakCharge {
            intervals: 0..count,
            price: CentsPerKilowatt(10.0),
            already_reached: Kilowatts(2.0),
        }],
        co2: None,
        load,
        pv,
    }
}

fn battery(dice: &mut Dice, id: &str, count: usize) -> Battery {
    let max_stored = dice.number(2.0, 12.0);
    let min_stored = dice.number(0.0, max_stored);
    Battery {
        id: id.into(),
        min_stored: KilowattHours(min_stored),
        max_stored: KilowattHours(max_stored),
        initial_stored: KilowattHours(dice.number(0.0, max_stored)),
        min_charge: Kilowatts(dice.number(0.0, 0.5)),
        max_charge: dice.kilowatts(count, 0.0, 5.0),
        min_discharge: Kilowatts(dice.number(0.0, 0.5)),
        max_discharge: dice.kilowatts(count, 0.0, 5.0),
        charge_efficiency: dice.number(0.85, 1.0),
        discharge_efficiency: dice.number(0.85, 1.0),
        self_discharge_per_hour: if dice.once_in(10) { 1.0 } else { dice.number(0.0, 0.01) },
        wear: CentsPerKilowattHour(3.0),
        end_floor: KilowattHours(dice.number(0.0, max_stored)),
        end_value: CentsPerKilowattHour(10.0),
        end_shortfall_price: DEFAULT_SHORTFALL_PRICE,
        grid_charging: dice.once_in(2),
        grid_export: dice.once_in(2),
    }
}

fn ev(dice: &mut Dice, id: &str, count: usize) -> Ev {
    let capacity = dice.number(20.0, 90.0);
    let range = |min, max| PowerRange { min: Kilowatts(min), max: Kilowatts(max) };
    let modes = match dice.whole(0, 2) {
        0 => vec![range(4.14, 11.0)],
        1 => vec![range(4.14, 11.0), range(1.38, 3.68)],
        _ => vec![range(1.38, 7.36), range(4.14, 22.0)],
    };
    let first = dice.whole(0, count / 3);
    let second = dice.whole(count / 2 + 1, count - 1);
    let session =
        |connected, target, driven| EvSession { connected, target, driven_before: KilowattHours(driven) };
    let end = dice.once_in(2);
    Ev {
        id: id.into(),
        capacity: KilowattHours(capacity),
        initial_energy: KilowattHours(dice.number(0.0, capacity)),
        charge_efficiency: dice.number(0.85, 1.0),
        modes,
        discharge: dice.once_in(2).then(|| EvDischarge {
            power: range(1.0, 5.0),
            efficiency: 0.9,
            wear: CentsPerKilowattHour(4.0),
            reserve: KilowattHours(5.0),
            grid_export: false,
        }),
        sessions: vec![
            session(first..count / 2, Some(KilowattHours(dice.number(0.0, capacity))), 0.0),
            session(second..count, None, dice.number(0.0, 30.0)),
        ],
        shortfall_price: DEFAULT_SHORTFALL_PRICE,
        urgent: dice
            .once_in(2)
            .then(|| Urgent { energy: KilowattHours(dice.number(0.0, 15.0)), price_ct_per_kwh_h: 100.0 }),
        end: end.then(|| EvEnd {
            target: KilowattHours(dice.number(0.0, capacity)),
            value: CentsPerKilowattHour(20.0),
        }),
    }
}

fn heat_pump(dice: &mut Dice, id: &str, count: usize) -> HeatPump {
    let sinks = dice.whole(0, 3);
    HeatPump {
        id: id.into(),
        rooms: (sinks != 1).then(|| rooms(dice, count)),
        hot_water: (sinks != 0).then(|| hot_water(dice, count)),
        min_run: dice.whole(0, 6),
        min_pause: dice.whole(0, 4),
        before: CompressorState { running: dice.once_in(2), intervals: dice.whole(0, 8) },
        start_cost: Cents(5.0),
        start_caps: if dice.once_in(2) {
            vec![StartCap { intervals: 0..count, most: dice.whole(0, 8) }]
        } else {
            Vec::new()
        },
    }
}

fn compression(dice: &mut Dice, count: usize) -> Compression {
    let least = dice.number(0.3, 1.5);
    let spread = if dice.once_in(3) { 0.0 } else { dice.number(0.5, 2.0) };
    let min_power = dice.kilowatts(count, least, least + 0.2);
    Compression {
        max_power: min_power.iter().map(|power| Kilowatts(power.0 + spread)).collect(),
        min_power,
        cop: dice.each(count, 2.0, 5.0),
    }
}

fn rooms(dice: &mut Dice, count: usize) -> Rooms {
    let setback = dice.number(16.0, 20.0);
    let at_night = |t: usize| t < count / 4;
    Rooms {
        compression: compression(dice, count),
        building: Building::OneMass {
            resistance: KelvinsPerKilowatt(dice.number(3.0, 8.0)),
            capacitance: KilowattHoursPerKelvin(dice.number(5.0, 20.0)),
        },
        initial: Celsius(dice.number(17.0, 24.0)),
        outdoor: dice.each(count, -8.0, 12.0).into_iter().map(Celsius).collect(),
        gains: dice.kilowatts(count, 0.0, 0.6),
        lowest: (0..count).map(|t| Celsius(if at_night(t) { setback } else { 20.0 })).collect(),
        highest: vec![Celsius(23.0); count],
        discomfort_price: CentsPerKelvinHour(50.0),
        backup_max: Kilowatts(if dice.once_in(2) { 6.0 } else { 0.0 }),
        end_floor: Celsius(20.5),
        end_value_ct_per_k: 10.0,
        end_shortfall_price_ct_per_k: 500.0,
    }
}

fn hot_water(dice: &mut Dice, count: usize) -> HotWater {
    let draws = dice.each(count, -0.6, 0.4);
    HotWater {
        compression: compression(dice, count),
        initial: KilowattHours(dice.number(-1.0, 9.0)),
        loss_per_hour: if dice.once_in(10) { 1.0 } else { dice.number(0.0, 0.02) },
        draw: draws.into_iter().map(|draw| KilowattHours(draw.max(0.0))).collect(),
        lowest: vec![KilowattHours(2.0); count],
        highest: vec![KilowattHours(9.0); count],
        discomfort_price_ct_per_kwh_h: 50.0,
        heater_max: Kilowatts(if dice.once_in(2) { 3.0 } else { 0.0 }),
        end_floor: KilowattHours(3.0),
        end_value_ct_per_kwh: 5.0,
        end_shortfall_price_ct_per_kwh: 500.0,
    }
}

fn appliance(dice: &mut Dice, id: &str, count: usize) -> Appliance {
    let parts = dice.whole(1, 6);
    let earliest_start = dice.whole(0, count - parts);
    let mut profile = dice.kilowatts(parts, 0.05, 2.2);
    if dice.once_in(4) {
        profile[parts - 1] = Kilowatts::ZERO;
    }
    Appliance {
        id: id.into(),
        profile,
        earliest_start,
        latest_start: dice.whole(earliest_start, count - parts),
        interruptible: dice.once_in(2),
        skip_penalty: DEFAULT_SKIP_PENALTY,
    }
}
