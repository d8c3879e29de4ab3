//! A plain home on a winter day: 96 quarter-hours, 0.5 kW of load, wide limits; and one plain device of each kind.

use offpeak_audit::audit_costed;
use offpeak_baseline::uncontrolled;
use offpeak_domain::{
    Appliance, Battery, Building, Celsius, Costed, Ev, EvSession, HeatPump, Home, HomeSpec, HotWater,
    KelvinsPerKilowatt, KilowattHours, KilowattHoursPerKelvin, Kilowatts, PowerRange, Rooms,
};
use offpeak_testhomes::plain;

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
    let mut home = plain::day(2026, 1, 15, 30.0);
    home.grid.load.fill(Kilowatts(0.5));
    home
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
        initial_energy: KilowattHours(20.0),
        sessions: vec![session(0, COUNT, Some(40.0))],
        ..plain::ev(&home(), &[plain::power(4.14..=11.0)], 60.0)
    }
}

pub(crate) fn session(from: usize, to: usize, target: Option<f64>) -> EvSession {
    EvSession { connected: from..to, target: target.map(KilowattHours), driven_before: KilowattHours::ZERO }
}

/// 1..10 kWh, 5 kWh in it, 5 kW, no losses.
pub(crate) fn battery() -> Battery {
    Battery {
        min_stored: KilowattHours(1.0),
        initial_stored: KilowattHours(5.0),
        ..plain::battery(&home(), 10.0, 5.0)
    }
}

/// Three quarter-hours of 2, 1 and 2 kW between 10:00 and 15:00.
pub(crate) fn appliance() -> Appliance {
    plain::appliance(&home(), &[2.0, 1.0, 2.0], 40..=57)
}

/// 0.5..3 kW at a COP of 3 for rooms (20..23 °C, 0 °C outside) and a tank (2..8 kWh).
pub(crate) fn heat_pump() -> HeatPump {
    HeatPump {
        rooms: Some(rooms()),
        hot_water: Some(hot_water()),
        min_run: 2,
        min_pause: 2,
        ..plain::pump(&home())
    }
}

fn compressor() -> PowerRange {
    plain::power(0.5..=3.0)
}

pub(crate) fn rooms() -> Rooms {
    Rooms {
        building: Building::OneMass {
            resistance: KelvinsPerKilowatt(5.0),
            capacitance: KilowattHoursPerKelvin(8.0),
        },
        initial: Celsius(20.5),
        gains: vec![Kilowatts(0.2); COUNT],
        highest: vec![Celsius(23.0); COUNT],
        backup_max: Kilowatts(6.0),
        end_floor: Celsius(20.0),
        ..plain::room(&home(), compressor())
    }
}

pub(crate) fn hot_water() -> HotWater {
    let mut water = HotWater {
        loss_per_hour: 0.01,
        draw: (0..COUNT).map(|t| KilowattHours(if t % 12 == 0 { 0.8 } else { 0.0 })).collect(),
        lowest: vec![KilowattHours(2.0); COUNT],
        heater_max: Kilowatts(3.0),
        end_floor: KilowattHours(2.0),
        ..plain::water(&home(), compressor())
    };
    water.compression.cop.fill(3.0);
    water
}
