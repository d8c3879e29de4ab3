//! The plainest home, and the plainest device of each kind.

use std::ops::{Range, RangeInclusive};

use chrono::{DateTime, Duration, NaiveDate, TimeZone, Utc};
use chrono_tz::Europe::Berlin;
use offpeak_domain::{
    Appliance, Battery, Building, Celsius, Cents, CentsPerKelvinHour, CentsPerKilowattHour, Compression,
    CompressorState, DEFAULT_OVERSHOOT_PRICE, DEFAULT_SHORTFALL_PRICE, DEFAULT_SKIP_PENALTY, Ev, EvSession,
    Grid, HeatPump, HomeSpec, Horizon, HotWater, KelvinsPerKilowatt, KilowattHours, KilowattHoursPerKelvin,
    Kilowatts, PowerRange, Rooms,
};

/// A power that no test home reaches, in kW.
const AMPLE_KW: f64 = 100.0;

/// The instant at which test homes begin unless they say otherwise: a winter midnight in Berlin.
///
/// # Panics
/// Never: the instant exists.
pub fn at_start() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 1, 14, 23, 0, 0).single().expect("UTC has every instant once")
}

/// Each value a power in kW.
pub fn kw(values: &[f64]) -> Vec<Kilowatts> {
    values.iter().copied().map(Kilowatts).collect()
}

/// Each value an energy in kWh.
pub fn kwh(values: &[f64]) -> Vec<KilowattHours> {
    values.iter().copied().map(KilowattHours).collect()
}

/// Each value a price in ct/kWh.
pub fn ct_per_kwh(values: &[f64]) -> Vec<CentsPerKilowattHour> {
    values.iter().copied().map(CentsPerKilowattHour).collect()
}

/// A power range in kW, both ends included.
pub fn power(kilowatts: RangeInclusive<f64>) -> PowerRange {
    PowerRange { min: Kilowatts(*kilowatts.start()), max: Kilowatts(*kilowatts.end()) }
}

/// A home over `horizon` with one import price per interval, no feed-in pay, no load, no generation, no devices.
pub fn home(horizon: Horizon, import_price_ct_per_kwh: &[f64]) -> HomeSpec {
    let each = |value: f64| vec![value; horizon.len()];
    HomeSpec {
        id: "home".into(),
        time_zone: Berlin,
        grid: Grid {
            load: kw(&each(0.0)),
            pv: kw(&each(0.0)),
            can_curtail: false,
            import_price: ct_per_kwh(import_price_ct_per_kwh),
            export_price: ct_per_kwh(&each(0.0)),
            import_limit: kw(&each(AMPLE_KW)),
            export_limit: kw(&each(AMPLE_KW)),
            overshoot_price: DEFAULT_OVERSHOOT_PRICE,
            peak_charges: Vec::new(),
            co2: None,
        },
        horizon,
        batteries: Vec::new(),
        evs: Vec::new(),
        heat_pumps: Vec::new(),
        appliances: Vec::new(),
    }
}

/// A home over as many hours as there are prices.
///
/// # Panics
/// If there is no price.
pub fn hourly(import_price_ct_per_kwh: &[f64]) -> HomeSpec {
    let hours = i64::try_from(import_price_ct_per_kwh.len()).expect("few");
    let horizon = Horizon::between(at_start(), at_start() + Duration::hours(hours), 60);
    home(horizon.expect("at least one hour"), import_price_ct_per_kwh)
}

/// A home over a local day in quarter-hours at one price.
///
/// # Panics
/// If there is no such day.
pub fn day(year: i32, month: u32, day: u32, import_price_ct_per_kwh: f64) -> HomeSpec {
    let date = NaiveDate::from_ymd_opt(year, month, day).expect("a date");
    let horizon = Horizon::local_day(date, Berlin, 15).expect("a day divides into quarter-hours");
    let prices = vec![import_price_ct_per_kwh; horizon.len()];
    home(horizon, &prices)
}

/// An empty battery without losses, wear or worth at the end.
pub fn battery(home: &HomeSpec, capacity_kwh: f64, power_kw: f64) -> Battery {
    let power = kw(&vec![power_kw; home.horizon.len()]);
    Battery {
        id: format!("battery {}", home.batteries.len() + 1),
        min_stored: KilowattHours(0.0),
        max_stored: KilowattHours(capacity_kwh),
        initial_stored: KilowattHours(0.0),
        min_charge: Kilowatts(0.0),
        max_charge: power.clone(),
        min_discharge: Kilowatts(0.0),
        max_discharge: power,
        charge_efficiency: 1.0,
        discharge_efficiency: 1.0,
        self_discharge_per_hour: 0.0,
        wear: CentsPerKilowattHour(0.0),
        end_floor: KilowattHours(0.0),
        end_value: CentsPerKilowattHour(0.0),
        end_shortfall_price: DEFAULT_SHORTFALL_PRICE,
        grid_charging: true,
        grid_export: true,
    }
}

/// An empty car without losses that stays the whole horizon and wants `target_kwh`, which is all it holds.
pub fn ev(home: &HomeSpec, modes: &[PowerRange], target_kwh: f64) -> Ev {
    Ev {
        id: format!("ev {}", home.evs.len() + 1),
        capacity: KilowattHours(target_kwh),
        initial_energy: KilowattHours(0.0),
        charge_efficiency: 1.0,
        modes: modes.to_vec(),
        discharge: None,
        sessions: vec![session(0..home.horizon.len(), target_kwh)],
        shortfall_price: DEFAULT_SHORTFALL_PRICE,
        urgent: None,
        end: None,
    }
}

/// A stay in these intervals that wants `target_kwh` at its end, after no driving.
pub fn session(connected: Range<usize>, target_kwh: f64) -> EvSession {
    EvSession { connected, target: Some(KilowattHours(target_kwh)), driven_before: KilowattHours(0.0) }
}

/// A heat pump that has paused for long and may run as it likes, for the sinks that a test adds.
pub fn pump(home: &HomeSpec) -> HeatPump {
    HeatPump {
        id: format!("pump {}", home.heat_pumps.len() + 1),
        rooms: None,
        hot_water: None,
        min_run: 1,
        min_pause: 1,
        before: CompressorState { running: false, intervals: 1000 },
        start_cost: Cents(0.0),
        start_caps: Vec::new(),
    }
}

/// A heat pump whose heat no one minds: only electricity, starts, runs and pauses count.
pub fn free_running_pump(home: &HomeSpec, electric: PowerRange) -> HeatPump {
    let intervals = home.horizon.len();
    let indifferent = Rooms {
        lowest: vec![Celsius(-100.0); intervals],
        highest: vec![Celsius(100.0); intervals],
        discomfort_price: CentsPerKelvinHour(0.0),
        end_shortfall_price_ct_per_k: 0.0,
        ..room(home, electric)
    };
    HeatPump { rooms: Some(indifferent), ..pump(home) }
}

/// Rooms at 21 °C that should stay between 20 and 22 °C at 0 °C outside, and end as warm as they began.
pub fn room(home: &HomeSpec, electric: PowerRange) -> Rooms {
    let intervals = home.horizon.len();
    Rooms {
        compression: compression(intervals, electric, 3.0),
        building: Building::OneMass {
            resistance: KelvinsPerKilowatt(5.0),
            capacitance: KilowattHoursPerKelvin(10.0),
        },
        initial: Celsius(21.0),
        outdoor: vec![Celsius(0.0); intervals],
        gains: kw(&vec![0.0; intervals]),
        lowest: vec![Celsius(20.0); intervals],
        highest: vec![Celsius(22.0); intervals],
        discomfort_price: CentsPerKelvinHour(100.0),
        backup_max: Kilowatts(0.0),
        end_floor: Celsius(21.0),
        end_value_ct_per_k: 0.0,
        end_shortfall_price_ct_per_k: 500.0,
    }
}

/// A tank that should hold 1 to 8 kWh of heat, without loss or draw, and end with the 4 kWh it begins with.
pub fn water(home: &HomeSpec, electric: PowerRange) -> HotWater {
    let intervals = home.horizon.len();
    HotWater {
        compression: compression(intervals, electric, 2.0),
        initial: KilowattHours(4.0),
        loss_per_hour: 0.0,
        draw: kwh(&vec![0.0; intervals]),
        lowest: kwh(&vec![1.0; intervals]),
        highest: kwh(&vec![8.0; intervals]),
        discomfort_price_ct_per_kwh_h: 100.0,
        heater_max: Kilowatts(0.0),
        end_floor: KilowattHours(4.0),
        end_value_ct_per_kwh: 0.0,
        end_shortfall_price_ct_per_kwh: 500.0,
    }
}

fn compression(intervals: usize, electric: PowerRange, cop: f64) -> Compression {
    Compression {
        min_power: vec![electric.min; intervals],
        max_power: vec![electric.max; intervals],
        cop: vec![cop; intervals],
    }
}

/// An unbroken run of `profile_kw` that starts in one of `starts`.
pub fn appliance(home: &HomeSpec, profile_kw: &[f64], starts: RangeInclusive<usize>) -> Appliance {
    Appliance {
        id: format!("appliance {}", home.appliances.len() + 1),
        profile: kw(profile_kw),
        earliest_start: *starts.start(),
        latest_start: *starts.end(),
        interruptible: false,
        skip_penalty: DEFAULT_SKIP_PENALTY,
    }
}
