//! A home with every kind of device, and setpoints that use them all without breaking a rule.

use chrono::NaiveDate;
use chrono_tz::Europe::Berlin;
use offpeak_domain::{
    Appliance, Battery, Building, Celsius, Cents, CentsPerKelvinHour, CentsPerKilowattHour, Certificate,
    Compression, CompressorState, Costed, Ev, EvDischarge, EvSession, Grid, HeatPump, Home, HomeSpec,
    Horizon, HotWater, KelvinsPerKilowatt, KilowattHours, KilowattHoursPerKelvin, Kilowatts, Plan,
    PowerRange, Rooms, Setpoints, Termination,
};

/// The home on the day of 100 quarter-hours, whose local times do not tell all intervals apart.
pub(crate) fn home(id: &str) -> Home {
    let date = NaiveDate::from_ymd_opt(2025, 10, 26).unwrap();
    let horizon = Horizon::local_day(date, Berlin, 15).unwrap();
    let count = horizon.len();
    let spec = HomeSpec {
        id: id.into(),
        time_zone: Berlin,
        grid: grid(count),
        batteries: vec![battery(count)],
        evs: vec![car(count)],
        heat_pumps: vec![pump(count), boiler(count)],
        appliances: vec![Appliance {
            id: "washer".into(),
            profile: vec![Kilowatts(2.0), Kilowatts(1.0 / 3.0)],
            earliest_start: 10,
            latest_start: 40,
            interruptible: false,
            skip_penalty: Cents(1000.0),
        }],
        horizon,
    };
    Home::new(spec).unwrap()
}

/// Setpoints of which few have a short decimal form, so that a rounded one shows.
pub(crate) fn costed(home: &Home) -> Costed {
    let mut plan = Setpoints::idle(home);
    plan.curtail[50] = Kilowatts(0.1 + 0.2);
    plan.batteries[0].charge[48] = Kilowatts(10.0 / 3.0);
    plan.batteries[0].discharge[80] = Kilowatts(2.0 / 7.0);
    plan.evs[0].charge[0] = Kilowatts(11.0 * 0.7);
    plan.evs[0].discharge[90] = Kilowatts(std::f64::consts::E);
    plan.heat_pumps[0].rooms[3] = Kilowatts(std::f64::consts::FRAC_PI_2);
    plan.heat_pumps[0].backup[5] = Kilowatts(1.0 / 9.0);
    plan.heat_pumps[0].hot_water[60] = Kilowatts(1.1);
    plan.heat_pumps[1].immersion[7] = Kilowatts(1e-7);
    plan.appliances[0][20] = Kilowatts(2.0);
    plan.appliances[0][21] = Kilowatts(1.0 / 3.0);
    Costed::of(home, plan)
}

/// `costed` as a plan with a certificate that is true as far as it goes.
pub(crate) fn plan(home: &Home, costed: Costed) -> Plan {
    let objective = costed.money.objective();
    let certificate = Certificate {
        objective,
        bound: objective - Cents(0.1),
        termination: Termination::NodeLimit,
        backend: "HiGHS, by hand".into(),
        iterations: 12_345_678,
    };
    Plan { home_id: home.id.clone(), costed, certificate }
}

fn grid(count: usize) -> Grid {
    Grid {
        load: (0..count).map(|t| Kilowatts(0.3 + (t % 7) as f64 / 11.0)).collect(),
        pv: (0..count).map(|t| Kilowatts(if (44..60).contains(&t) { 5.3 } else { 0.0 })).collect(),
        can_curtail: true,
        import_price: (0..count).map(|t| CentsPerKilowattHour(25.0 + (t % 7) as f64)).collect(),
        export_price: vec![CentsPerKilowattHour(7.86); count],
        import_limit: vec![Kilowatts(25.0); count],
        export_limit: vec![Kilowatts(10.0); count],
        overshoot_price: CentsPerKilowattHour(1000.0),
        peak_charges: Vec::new(),
        co2: None,
    }
}

fn battery(count: usize) -> Battery {
    Battery {
        id: "battery, \"cellar\"".into(),
        min_stored: KilowattHours(1.0),
        max_stored: KilowattHours(10.0),
        initial_stored: KilowattHours(5.0),
        min_charge: Kilowatts(0.0),
        max_charge: vec![Kilowatts(4.0); count],
        min_discharge: Kilowatts(0.0),
        max_discharge: vec![Kilowatts(4.0); count],
        charge_efficiency: 0.95,
        discharge_efficiency: 0.94,
        self_discharge_per_hour: 0.001,
        wear: CentsPerKilowattHour(3.0),
        end_floor: KilowattHours(5.0),
        end_value: CentsPerKilowattHour(12.0),
        end_shortfall_price: CentsPerKilowattHour(500.0),
        grid_charging: true,
        grid_export: true,
    }
}

fn car(count: usize) -> Ev {
    let session =
        |connected, target, driven| EvSession { connected, target, driven_before: KilowattHours(driven) };
    Ev {
        id: "car".into(),
        capacity: KilowattHours(60.0),
        initial_energy: KilowattHours(20.0),
        charge_efficiency: 0.9,
        modes: vec![PowerRange { min: Kilowatts(4.14), max: Kilowatts(11.0) }],
        discharge: Some(EvDischarge {
            power: PowerRange { min: Kilowatts(1.0), max: Kilowatts(5.0) },
            efficiency: 0.92,
            wear: CentsPerKilowattHour(4.0),
            reserve: KilowattHours(6.0),
            grid_export: true,
        }),
        sessions: vec![
            session(0..20, Some(KilowattHours(45.0)), 0.0),
            session(70..count, Some(KilowattHours(20.0)), 10.1),
        ],
        shortfall_price: CentsPerKilowattHour(500.0),
        urgent: None,
        end: None,
    }
}

fn compression(count: usize, max: f64) -> Compression {
    Compression {
        min_power: vec![Kilowatts(0.5); count],
        max_power: vec![Kilowatts(max); count],
        cop: (0..count).map(|t| 3.0 + (t % 5) as f64 / 13.0).collect(),
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
            outdoor: vec![Celsius(4.2); count],
            gains: vec![Kilowatts(0.3); count],
            lowest: vec![Celsius(20.0); count],
            highest: vec![Celsius(23.0); count],
            discomfort_price: CentsPerKelvinHour(50.0),
            backup_max: Kilowatts(6.0),
            end_floor: Celsius(20.0),
            end_value_ct_per_k: 80.0,
            end_shortfall_price_ct_per_k: 400.0,
        }),
        hot_water: Some(HotWater { heater_max: Kilowatts(0.0), ..hot_water(count) }),
        ..boiler(count)
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

fn hot_water(count: usize) -> HotWater {
    HotWater {
        compression: compression(count, 1.5),
        initial: KilowattHours(4.0),
        loss_per_hour: 0.01,
        draw: (0..count).map(|t| KilowattHours(if t % 8 == 3 { 0.37 } else { 0.0 })).collect(),
        lowest: vec![KilowattHours(2.0); count],
        highest: vec![KilowattHours(8.0); count],
        discomfort_price_ct_per_kwh_h: 40.0,
        heater_max: Kilowatts(3.0),
        end_floor: KilowattHours(3.0),
        end_value_ct_per_kwh: 6.0,
        end_shortfall_price_ct_per_kwh: 100.0,
    }
}
