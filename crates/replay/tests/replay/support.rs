//! Homes over weeks, made from a seed: everything that a replay can meet.

use chrono::{NaiveDate, NaiveTime};
use chrono_tz::Europe::Berlin;
use offpeak_domain::*;
use offpeak_replay::*;
use offpeak_testhomes::plain;

/// A small generator of numbers in 0..1, the same on any machine.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(2).wrapping_add(0x9E37_79B9_7F4A_7C15))
    }

    pub(crate) fn roll(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.roll()
    }

    /// A whole number below `most`.
    pub(crate) fn below(&mut self, most: usize) -> usize {
        let share = self.roll();
        (1..most).rev().find(|side| *side as f64 <= share * most as f64).unwrap_or(0)
    }

    pub(crate) fn chance(&mut self, share: f64) -> bool {
        self.roll() < share
    }
}

/// What a made home has.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each kind of device is there or not")]
pub(crate) struct Make {
    pub(crate) seed: u64,
    pub(crate) first: (i32, u32, u32),
    pub(crate) history_days: u32,
    pub(crate) days: u32,
    pub(crate) minutes: u32,
    pub(crate) battery: bool,
    pub(crate) ev: bool,
    pub(crate) rooms: bool,
    pub(crate) water: bool,
    pub(crate) washer: bool,
    pub(crate) fuse_kw: f64,
}

impl Make {
    pub(crate) fn all(seed: u64, days: u32) -> Self {
        Self {
            seed,
            first: (2026, 1, 12),
            history_days: 14,
            days,
            minutes: 15,
            battery: true,
            ev: true,
            rooms: true,
            water: true,
            washer: true,
            fuse_kw: 24.0,
        }
    }

    fn date(&self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.first.0, self.first.1, self.first.2).expect("a date")
    }

    /// The home over history, replay and two days after it.
    pub(crate) fn home(&self) -> Home {
        let start = self.date() - chrono::Days::new(u64::from(self.history_days));
        let horizon = Horizon::local_days(start, self.history_days + self.days + 2, Berlin, self.minutes)
            .expect("divides");
        let mut dice = Dice::new(self.seed);
        let mut spec = plain::home(horizon.clone(), &vec![30.0; horizon.len()]);
        let hours: Vec<f64> = (0..horizon.len()).map(|t| hour(&horizon, t)).collect();
        let size = dice.between(0.5, 2.0);
        spec.grid.load = hours.iter().map(|h| Kilowatts(load(*h, size, &mut dice))).collect();
        spec.grid.pv = pv(&horizon, &hours, dice.between(2.0, 8.0), &mut dice);
        spec.grid.can_curtail = dice.chance(0.5);
        spec.grid.import_limit = vec![Kilowatts(self.fuse_kw); horizon.len()];
        spec.grid.export_limit = vec![Kilowatts(dice.between(3.0, 10.0)); horizon.len()];
        self.devices(&mut spec, &hours, &mut dice);
        Home::new(spec).expect("a possible home")
    }

    fn devices(&self, spec: &mut HomeSpec, hours: &[f64], dice: &mut Dice) {
        if self.battery {
            let battery = Battery {
                charge_efficiency: 0.95,
                discharge_efficiency: 0.95,
                self_discharge_per_hour: 0.0005,
                wear: CentsPerKilowattHour(2.0),
                initial_stored: KilowattHours(3.0),
                min_stored: KilowattHours(0.5),
                grid_charging: dice.chance(0.7),
                grid_export: dice.chance(0.5),
                ..plain::battery(spec, 10.0, 5.0)
            };
            spec.batteries.push(battery);
        }
        if self.ev {
            let ev = self.car(spec, dice);
            spec.evs.push(ev);
        }
        if self.rooms || self.water {
            let pump = self.pump(spec, hours, dice);
            spec.heat_pumps.push(pump);
        }
        if self.washer {
            self.washes(spec, dice);
        }
    }

    fn car(&self, spec: &HomeSpec, dice: &mut Dice) -> Ev {
        let horizon = &spec.horizon;
        let per_hour = 60 / self.minutes as usize;
        let mut sessions: Vec<EvSession> = Vec::new();
        for day in horizon.local_day_ranges(Berlin) {
            if dice.chance(0.2) {
                continue;
            }
            let start = day.start + (15 + dice.below(5)) * per_hour + dice.below(3);
            let end = (start + (10 + dice.below(5)) * per_hour).min(horizon.len());
            if start + per_hour >= end {
                continue;
            }
            let target = (end < horizon.len()).then(|| KilowattHours(dice.between(30.0, 50.0)));
            let driven_before = KilowattHours(dice.between(2.0, 20.0));
            sessions.push(EvSession { connected: start..end, target, driven_before });
        }
        Ev {
            capacity: KilowattHours(60.0),
            initial_energy: KilowattHours(35.0),
            charge_efficiency: 0.9,
            sessions,
            end: Some(EvEnd { target: KilowattHours(40.0), value: CentsPerKilowattHour(20.0) }),
            ..plain::ev(spec, &[plain::power(1.38..=3.68), plain::power(4.14..=11.0)], 40.0)
        }
    }

    fn pump(&self, spec: &HomeSpec, hours: &[f64], dice: &mut Dice) -> HeatPump {
        let swing = dice.between(2.0, 8.0);
        let mut mean = 2.0;
        let outdoor: Vec<Celsius> = hours
            .iter()
            .map(|h| {
                mean += dice.between(-0.1, 0.1);
                Celsius(mean - swing / 2.0 * ((h - 3.0) / 24.0 * std::f64::consts::TAU).cos())
            })
            .collect();
        let compression = |flow: f64, most: f64| Compression {
            min_power: outdoor.iter().map(|_| Kilowatts(0.6)).collect(),
            max_power: outdoor.iter().map(|at| Kilowatts(most + 0.02 * at.0)).collect(),
            cop: outdoor
                .iter()
                .map(|at| 6.8 - 0.12 * (flow - at.0) + 0.0006 * (flow - at.0).powi(2))
                .collect(),
        };
        let rooms = Rooms {
            compression: compression(35.0, 3.0),
            outdoor: outdoor.clone(),
            gains: hours.iter().map(|h| Kilowatts(if (9.0..15.0).contains(h) { 0.8 } else { 0.3 })).collect(),
            lowest: hours
                .iter()
                .map(|h| Celsius(if (6.0..22.0).contains(h) { 20.0 } else { 18.5 }))
                .collect(),
            highest: vec![Celsius(22.5); hours.len()],
            backup_max: Kilowatts(3.0),
            ..plain::room(spec, plain::power(0.6..=3.0))
        };
        let water = HotWater {
            compression: compression(50.0, 2.5),
            loss_per_hour: 0.01,
            draw: hours.iter().map(|h| draw(*h, dice)).collect(),
            heater_max: Kilowatts(3.0),
            ..plain::water(spec, plain::power(0.6..=2.5))
        };
        let days = spec.horizon.local_day_ranges(Berlin).into_iter();
        HeatPump {
            rooms: self.rooms.then_some(rooms),
            hot_water: self.water.then_some(water),
            min_run: 2,
            min_pause: 2,
            start_cost: Cents(2.0),
            start_caps: days.map(|intervals| StartCap { intervals, most: 14 }).collect(),
            ..plain::pump(spec)
        }
    }

    fn washes(&self, spec: &mut HomeSpec, dice: &mut Dice) {
        let per_hour = 60 / self.minutes as usize;
        for day in spec.horizon.local_day_ranges(Berlin) {
            let earliest = day.start + (8 + dice.below(12)) * per_hour;
            let latest = earliest + (1 + dice.below(8)) * per_hour;
            if latest + 4 > spec.horizon.len() || dice.chance(0.3) {
                continue;
            }
            let run = Appliance {
                interruptible: dice.chance(0.4),
                ..plain::appliance(spec, &[2.0, 0.3, 1.0], earliest..=latest)
            };
            spec.appliances.push(run);
        }
    }

    pub(crate) fn span(&self) -> Span {
        self.span_of(self.home())
    }

    pub(crate) fn span_of(&self, home: Home) -> Span {
        let midnight = |days: u32| {
            let date = self.date() + chrono::Days::new(u64::from(days));
            local_instant(date.and_time(NaiveTime::MIN), Berlin)
        };
        Span::new(home, midnight(0), midnight(self.days)).expect("a possible span")
    }

    /// A day-ahead tariff: cheap at night and at noon, dear in the evening, different every day.
    pub(crate) fn tariff(&self, home: &Home) -> SpanTariff {
        let mut dice = Dice::new(self.seed ^ 0xABCD);
        let horizon = &home.horizon;
        let mut import = Vec::new();
        for day in horizon.local_day_ranges(Berlin) {
            let (level, spread) = (dice.between(-2.0, 6.0), dice.between(0.5, 1.6));
            for t in day {
                let h = hour(horizon, t);
                let shape = 5.0 * ((h - 19.0) / 24.0 * std::f64::consts::TAU).cos()
                    + 4.0 * ((h - 8.0) / 12.0 * std::f64::consts::TAU).cos();
                import.push(CentsPerKilowattHour(25.0 + level + spread * shape + dice.between(-0.5, 0.5)));
            }
        }
        let export = vec![CentsPerKilowattHour(7.0); import.len()];
        SpanTariff {
            id: "day-ahead".into(),
            prices: Prices { import, export },
            publication: Some(Publication::default()),
            standing: Cents(30.0),
        }
    }
}

fn hour(horizon: &Horizon, t: usize) -> f64 {
    use chrono::Timelike;
    let time = horizon.local_time(t, Berlin);
    f64::from(time.hour()) + f64::from(time.minute()) / 60.0
}

fn load(h: f64, size: f64, dice: &mut Dice) -> f64 {
    let evening = (-(h - 19.0).powi(2) / 6.0).exp();
    let morning = (-(h - 7.0).powi(2) / 3.0).exp();
    size * (0.2 + 0.8 * evening + 0.4 * morning) * dice.between(0.6, 1.4)
}

fn pv(horizon: &Horizon, hours: &[f64], peak: f64, dice: &mut Dice) -> Vec<Kilowatts> {
    let mut values = Vec::new();
    for day in horizon.local_day_ranges(Berlin) {
        let clear = dice.between(0.1, 1.0);
        for t in day {
            let sun = (1.0 - ((hours[t] - 12.5) / 5.0).powi(2)).max(0.0);
            values.push(Kilowatts(peak * clear * sun * dice.between(0.8, 1.0)));
        }
    }
    values
}

fn draw(h: f64, dice: &mut Dice) -> KilowattHours {
    let likely = if (6.0..9.0).contains(&h) || (18.0..22.0).contains(&h) { 0.25 } else { 0.02 };
    KilowattHours(if dice.chance(likely) { dice.between(0.1, 1.5) } else { 0.0 })
}

/// The policies that every law is tried with.
pub(crate) fn policies() -> Vec<PolicySpec> {
    let setback = HeatRule::NightSetback {
        from: NaiveTime::from_hms_opt(22, 0, 0).expect("a time"),
        to: NaiveTime::from_hms_opt(6, 0, 0).expect("a time"),
        by: Kelvins(2.0),
    };
    vec![
        PolicySpec::uncontrolled(),
        PolicySpec::cheapest_intervals(),
        PolicySpec::rules("night-setback", CarRule::FromArrival, setback),
        PolicySpec::day_ahead(),
        PolicySpec::receding(4),
        PolicySpec::perfect_foresight(),
    ]
}
