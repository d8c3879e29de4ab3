//! A plain home on a winter day: 96 quarter-hours, 0.5 kW of load, wide limits; and one plain device of each kind.

use chrono::NaiveDate;
use chrono_tz::Europe::Berlin;
use offpeak_audit::audit_costed;
use offpeak_baseline::uncontrolled;
use offpeak_domain::{
    Appliance, Battery, Building, Celsius, Cents, CentsPerKelvinHour, CentsPerKilowattHour, Compression,
    CompressorState, Costed, DEFAULT_OVERSHOOT_PRICE, DEFAULT_SHORTFALL_PRICE, DEFAULT_SKIP_PENALTY, Ev,
    EvSession, Grid, HeatPump, Home, HomeSpec, Horizon, HotWater, KelvinsPerKilowatt, KilowattHours,
    KilowattHoursPerKelvin, Kilowatts, PowerRange, Rooms,
};

pub(crate) const COUNT: usize = 96;

pub(crate) fn kw(values: &[Kilowatts]) -> Vec<f64> {
    values.iter().map(|value| value.0).collect()
}

pub(crate) fn kwh(values: &[KilowattHours]) -> Vec<f64> {
    values.iter().map(|value| value.0).collect()
}

pub(crate) fn assert_near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-6, "expected {expected}, found {found}");
}

/// A home without devices.
pub(crate) fn home() -> HomeSpec {
    let date = NaiveDate::from_ymd_opt(2026, 1, 15).expect("a real date");
    HomeSpec {
        id: "plain".into(),
        time_zone: Berlin,
        horizon: Horizon::local_day(date, Berlin, 15).expect("divides"),
        grid: Grid {
            load: vec![Kilowatts(0.5); COUNT],
            pv: vec![Kilowatts::ZERO; COUNT],
            can_curtail: false,
            import_price: vec![CentsPerKilowattHour(30.0); COUNT],
            export_price: vec![CentsPerKilowattHour(8.0); COUNT],
            import_limit: vec![Kilowatts(30.0); COUNT],
            export_limit: vec![Kilowatts(30.0); COUNT],
            overshoot_price: DEFAULT_OVERSHOOT_PRICE,
            peak_charges: Vec::new(),
            co2: None,
        },
        batteries: Vec::new(),
        evs: Vec::new(),
        heat_pumps: Vec::new(),
        appliances: Vec::new(),
    }
}

/// The baseline of the home, which passes the audit.
pub(crate) fn baseline(spec: HomeSpec) -> Costed {
    let home = Home::new(spec).expect("possible");
    let costed = Costed::of(&home, uncontrolled(&home));
    let violations = audit_costed(&home, &costed);
    assert!(violations.is_empty(), "{}", violations[0]);
    costed
}

/// 4.14..11 kW, 60 kWh, 20 kWh in it, all day at home, target 40 kWh.
pub(crate) fn ev() -> Ev {
    Ev {
        id: "car".into(),
        capacity: KilowattHours(60.0),
        initial_energy: KilowattHours(20.0),
        charge_efficiency: 1.0,
        modes: vec![PowerRange { min: Kilowatts(4.14), max: Kilowatts(11.0) }],
        discharge: None,
        sessions: vec![session(0, COUNT, Some(40.0))],
        shortfall_price: DEFAULT_SHORTFALL_PRICE,
        urgent: None,
        end: None,
    }
}

pub(crate) fn session(from: usize, to: usize, target: Option<f64>) -> EvSession {
    EvSession { connected: from..to, target: target.map(KilowattHours), driven_before: KilowattHours::ZERO }
}

/// 1..10 kWh, 5 kWh in it, 5 kW, no losses.
pub(crate) fn battery() -> Battery {
    Battery {
        id: "battery".into(),
        min_stored: KilowattHours(1.0),
        max_stored: KilowattHours(10.0),
        initial_stored: KilowattHours(5.0),
        min_charge: Kilowatts::ZERO,
        max_charge: vec![Kilowatts(5.0); COUNT],
        min_discharge: Kilowatts::ZERO,
        max_discharge: vec![Kilowatts(5.0); COUNT],
        charge_efficiency: 1.0,
        discharge_efficiency: 1.0,
        self_discharge_per_hour: 0.0,
        wear: CentsPerKilowattHour::ZERO,
        end_floor: KilowattHours::ZERO,
        end_value: CentsPerKilowattHour::ZERO,
        end_shortfall_price: DEFAULT_SHORTFALL_PRICE,
        grid_charging: true,
        grid_export: true,
    }
}

/// Three quarter-hours of 2, 1 and 2 kW between 10:00 and 15:00.
pub(crate) fn appliance() -> Appliance {
    Appliance {
        id: "washer".into(),
        profile: vec![Kilowatts(2.0), Kilowatts(1.0), Kilowatts(2.0)],
        earliest_start: 40,
        latest_start: 57,
        interruptible: false,
        skip_penalty: DEFAULT_SKIP_PENALTY,
    }
}

/// 0.5..3 kW at a COP of 3 for rooms (20..23 °C, 0 °C outside) and a tank (2..8 kWh).
pub(crate) fn heat_pump() -> HeatPump {
    HeatPump {
        id: "pump".into(),
        rooms: Some(rooms()),
        hot_water: Some(hot_water()),
        min_run: 2,
        min_pause: 2,
        before: CompressorState { running: false, intervals: 10 },
        start_cost: Cents::ZERO,
        start_caps: Vec::new(),
    }
}

fn compression() -> Compression {
    Compression {
        min_power: vec![Kilowatts(0.5); COUNT],
        max_power: vec![Kilowatts(3.0); COUNT],
        cop: vec![3.0; COUNT],
    }
}

pub(crate) fn rooms() -> Rooms {
    Rooms {
        compression: compression(),
        building: Building::OneMass {
            resistance: KelvinsPerKilowatt(5.0),
            capacitance: KilowattHoursPerKelvin(8.0),
        },
        initial: Celsius(20.5),
        outdoor: vec![Celsius(0.0); COUNT],
        gains: vec![Kilowatts(0.2); COUNT],
        lowest: vec![Celsius(20.0); COUNT],
        highest: vec![Celsius(23.0); COUNT],
        discomfort_price: CentsPerKelvinHour(50.0),
        backup_max: Kilowatts(6.0),
        end_floor: Celsius(20.0),
        end_value_ct_per_k: 0.0,
        end_shortfall_price_ct_per_k: 100.0,
    }
}

pub(crate) fn hot_water() -> HotWater {
    HotWater {
        compression: compression(),
        initial: KilowattHours(4.0),
        loss_per_hour: 0.01,
        draw: (0..COUNT).map(|t| KilowattHours(if t % 12 == 0 { 0.8 } else { 0.0 })).collect(),
        lowest: vec![KilowattHours(2.0); COUNT],
        highest: vec![KilowattHours(8.0); COUNT],
        discomfort_price_ct_per_kwh_h: 50.0,
        heater_max: Kilowatts(3.0),
        end_floor: KilowattHours(2.0),
        end_value_ct_per_kwh: 0.0,
        end_shortfall_price_ct_per_kwh: 100.0,
    }
}
