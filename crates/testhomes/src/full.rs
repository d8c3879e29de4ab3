//! A home with every kind of device and setpoints that use them all without breaking a rule.

use chrono::NaiveDate;
use chrono_tz::Europe::Berlin;
use offpeak_domain::{
    Appliance, Battery, Building, Celsius, Cents, CentsPerGram, CentsPerKelvinHour, CentsPerKilowatt,
    CentsPerKilowattHour, Certificate, Co2, Compression, CompressorState, Costed, Ev, EvDischarge, EvEnd,
    EvSession, GramsPerKilowattHour, Grid, HeatPump, Home, HomeSpec, Horizon, HotWater, KelvinsPerKilowatt,
    KilowattHours, KilowattHoursPerKelvin, Kilowatts, PeakCharge, Plan, PowerRange, Rooms, Setpoints,
    StartCap, Termination, Urgent,
};

/// A winter day of 96 quarter-hours.
pub fn day() -> Horizon {
    local_day(2026, 1, 15, 15)
}

/// A local day in Berlin in intervals of so many minutes.
///
/// # Panics
/// If there is no such day, or the minutes do not divide it.
pub fn local_day(year: i32, month: u32, day: u32, minutes: u32) -> Horizon {
    let date = NaiveDate::from_ymd_opt(year, month, day).expect("a real date");
    Horizon::local_day(date, Berlin, minutes).expect("divides")
}

/// The home over `horizon`, as data to be changed.
pub fn spec(horizon: Horizon) -> HomeSpec {
    let count = horizon.len();
    HomeSpec {
        id: "home".into(),
        time_zone: Berlin,
        grid: grid(count),
        batteries: vec![battery(count)],
        evs: vec![car(count), plain_car(count)],
        heat_pumps: vec![pump(count), boiler(count)],
        appliances: vec![
            appliance("washer", &[2.0, 0.5, 1.0], count / 3, false),
            appliance("dryer", &[1.0, 1.5], count / 3, true),
        ],
        horizon,
    }
}

/// Setpoints that use every device: intervals are shares of the day, so that they fit every grid.
pub fn setpoints(home: &Home) -> Setpoints {
    let count = home.horizon.len();
    let (third, noon, evening) = (count / 3, count / 2, count / 4 * 3);
    let mut plan = Setpoints::idle(home);
    plan.curtail[noon + 1] = Kilowatts(1.0);
    plan.batteries[0].charge[noon..noon + 2].fill(Kilowatts(1.0));
    plan.batteries[0].discharge[evening] = Kilowatts(0.3);
    plan.evs[0].charge[..2].fill(Kilowatts(11.0));
    plan.evs[0].charge[evening] = Kilowatts(3.68);
    plan.evs[0].discharge[count - 3] = Kilowatts(1.0);
    plan.evs[1].charge[1] = Kilowatts(4.14);
    plan.heat_pumps[0].rooms[2..5].fill(Kilowatts(1.5));
    plan.heat_pumps[0].hot_water[noon..noon + 3].fill(Kilowatts(1.5));
    plan.heat_pumps[0].backup[5] = Kilowatts(2.0);
    plan.heat_pumps[1].hot_water[4..6].fill(Kilowatts(0.8));
    plan.heat_pumps[1].immersion[7] = Kilowatts(0.5);
    for (part, power) in [2.0, 0.5, 1.0].into_iter().enumerate() {
        plan.appliances[0][third + part] = Kilowatts(power);
    }
    plan.appliances[1][third] = Kilowatts(1.0);
    plan.appliances[1][third + 2] = Kilowatts(1.5);
    plan
}

/// The home and its costed setpoints.
///
/// # Panics
/// If the horizon is too short for the home's sessions and windows.
pub fn honest(horizon: Horizon) -> (Home, Costed) {
    let home = Home::new(spec(horizon)).expect("a possible home");
    let costed = Costed::of(&home, setpoints(&home));
    (home, costed)
}

/// `costed` as a plan with a certificate that is true as far as it goes.
pub fn plan(home: &Home, costed: Costed) -> Plan {
    let objective = costed.money.objective();
    Plan {
        home_id: home.id.clone(),
        costed,
        certificate: Certificate {
            objective,
            bound: objective - Cents(5.0),
            proof: None,
            termination: Termination::NodeLimit,
            backend: "none".into(),
            iterations: 0,
        },
    }
}

fn grid(count: usize) -> Grid {
    let sunny = count / 2 - 2..count / 2 + 6;
    let mut load = vec![Kilowatts(1.0); count];
    // More than the fuse, so that there is an overshoot to be paid.
    load[count - 1] = Kilowatts(26.0);
    Grid {
        load,
        pv: (0..count).map(|t| Kilowatts(if sunny.contains(&t) { 6.0 } else { 0.0 })).collect(),
        can_curtail: true,
        import_price: (0..count).map(|t| CentsPerKilowattHour(25.0 + (t % 7) as f64)).collect(),
        export_price: vec![CentsPerKilowattHour(8.0); count],
        import_limit: vec![Kilowatts(25.0); count],
        export_limit: vec![Kilowatts(10.0); count],
        overshoot_price: CentsPerKilowattHour(1000.0),
        peak_charges: vec![PeakCharge {
            intervals: 0..count / 2,
            price: CentsPerKilowatt(15.0),
            already_reached: Kilowatts(3.0),
        }],
        co2: Some(Co2 { intensity: vec![GramsPerKilowattHour(300.0); count], weight: CentsPerGram(0.01) }),
    }
}

fn battery(count: usize) -> Battery {
    Battery {
        id: "battery".into(),
        min_stored: KilowattHours(1.0),
        max_stored: KilowattHours(10.0),
        initial_stored: KilowattHours(5.0),
        min_charge: Kilowatts(0.5),
        max_charge: vec![Kilowatts(4.0); count],
        min_discharge: Kilowatts(0.2),
        max_discharge: vec![Kilowatts(4.0); count],
        charge_efficiency: 0.95,
        discharge_efficiency: 0.94,
        self_discharge_per_hour: 0.001,
        wear: CentsPerKilowattHour(3.0),
        end_floor: KilowattHours(5.0),
        end_value: CentsPerKilowattHour(12.0),
        end_shortfall_price: CentsPerKilowattHour(500.0),
        grid_charging: false,
        grid_export: false,
    }
}

fn range(min: f64, max: f64) -> PowerRange {
    PowerRange { min: Kilowatts(min), max: Kilowatts(max) }
}

fn car(count: usize) -> Ev {
    Ev {
        id: "car".into(),
        capacity: KilowattHours(60.0),
        initial_energy: KilowattHours(20.0),
        charge_efficiency: 0.9,
        modes: vec![range(4.14, 11.0), range(1.38, 3.68)],
        discharge: Some(EvDischarge {
            power: range(1.0, 5.0),
            efficiency: 0.92,
            wear: CentsPerKilowattHour(4.0),
            reserve: KilowattHours(12.0),
            grid_export: false,
        }),
        sessions: vec![
            EvSession {
                connected: 0..count / 4,
                target: Some(KilowattHours(45.0)),
                driven_before: KilowattHours::ZERO,
            },
            EvSession { connected: count / 8 * 5..count, target: None, driven_before: KilowattHours(10.0) },
        ],
        shortfall_price: CentsPerKilowattHour(500.0),
        urgent: Some(Urgent { energy: KilowattHours(24.0), price_ct_per_kwh_h: 100.0 }),
        end: Some(EvEnd { target: KilowattHours(30.0), value: CentsPerKilowattHour(20.0) }),
    }
}

fn plain_car(count: usize) -> Ev {
    Ev {
        id: "plain car".into(),
        discharge: None,
        initial_energy: KilowattHours(1.0),
        sessions: vec![
            EvSession { connected: 0..3, target: None, driven_before: KilowattHours::ZERO },
            EvSession { connected: count / 2..count, target: None, driven_before: KilowattHours(10.0) },
        ],
        urgent: None,
        end: None,
        ..car(count)
    }
}

fn compression(count: usize, max: f64) -> Compression {
    Compression {
        min_power: vec![Kilowatts(0.5); count],
        max_power: vec![Kilowatts(max); count],
        cop: (0..count).map(|t| 3.0 + 0.1 * (t % 5) as f64).collect(),
    }
}

fn hot_water(count: usize) -> HotWater {
    HotWater {
        compression: compression(count, 1.5),
        initial: KilowattHours(4.0),
        loss_per_hour: 0.01,
        draw: (0..count).map(|t| KilowattHours(if t % 8 == 3 { 0.5 } else { 0.0 })).collect(),
        lowest: vec![KilowattHours(2.0); count],
        highest: vec![KilowattHours(8.0); count],
        discomfort_price_ct_per_kwh_h: 40.0,
        heater_max: Kilowatts(3.0),
        end_floor: KilowattHours(3.0),
        end_value_ct_per_kwh: 6.0,
        end_shortfall_price_ct_per_kwh: 100.0,
    }
}

fn pump(count: usize) -> HeatPump {
    HeatPump {
        id: "pump".into(),
        rooms: Some(Rooms {
            compression: compression(count, 2.5),
            building: Building::OneMass {
                resistance: KelvinsPerKilowatt(5.0),
                capacitance: KilowattHoursPerKelvin(10.0),
            },
            initial: Celsius(20.5),
            outdoor: (0..count).map(|t| Celsius(-2.0 + (t % 9) as f64)).collect(),
            gains: vec![Kilowatts(0.3); count],
            lowest: vec![Celsius(20.0); count],
            highest: vec![Celsius(20.6); count],
            discomfort_price: CentsPerKelvinHour(50.0),
            backup_max: Kilowatts(6.0),
            end_floor: Celsius(20.0),
            end_value_ct_per_k: 80.0,
            end_shortfall_price_ct_per_k: 400.0,
        }),
        hot_water: Some(hot_water(count)),
        min_run: 3,
        min_pause: 2,
        before: CompressorState { running: false, intervals: 1 },
        start_cost: Cents(7.0),
        start_caps: vec![StartCap { intervals: 0..count, most: 3 }],
    }
}

/// A heat pump for hot water only.
fn boiler(count: usize) -> HeatPump {
    HeatPump {
        id: "boiler".into(),
        rooms: None,
        hot_water: Some(hot_water(count)),
        min_run: 1,
        min_pause: 1,
        before: CompressorState { running: false, intervals: 10 },
        start_cost: Cents(2.0),
        start_caps: Vec::new(),
    }
}

fn appliance(id: &str, profile: &[f64], start: usize, interruptible: bool) -> Appliance {
    Appliance {
        id: id.into(),
        profile: profile.iter().copied().map(Kilowatts).collect(),
        earliest_start: start - 2,
        latest_start: start + 2,
        interruptible,
        skip_penalty: Cents(1000.0),
    }
}
