//! The heat pump: thermostats with hysteresis that keep the bands where power suffices.

use offpeak_domain::{
    Celsius, Costed, HeatPump, HomeSpec, HotWater, KilowattHours, Kilowatts, Rooms, StartCap,
    compressor_starts,
};

use crate::plain_home::{COUNT, assert_near, baseline, heat_pump, home, hot_water, rooms};

fn heated(pump: HeatPump) -> Costed {
    baseline(HomeSpec { heat_pumps: vec![pump], ..home() })
}

fn only_rooms(rooms: Rooms) -> HeatPump {
    HeatPump { rooms: Some(rooms), hot_water: None, ..heat_pump() }
}

fn only_water(water: HotWater) -> HeatPump {
    HeatPump { rooms: None, hot_water: Some(water), ..heat_pump() }
}

fn temperatures(costed: &Costed) -> Vec<f64> {
    costed.schedule.room_temperature[0].iter().flatten().map(|theta| theta.0).collect()
}

fn starts(pump: &HeatPump, costed: &Costed) -> Vec<usize> {
    let spec = HomeSpec { heat_pumps: vec![pump.clone()], ..home() };
    let home = offpeak_domain::Home::new(spec).expect("possible");
    compressor_starts(&home, &costed.schedule.setpoints, 0)
}

fn total(power: &[Kilowatts]) -> f64 {
    power.iter().map(|power| power.0).sum()
}

#[test]
fn rooms_and_tank_stay_in_their_bands_where_power_suffices() {
    for outdoor in [-10.0, -5.0, 0.0, 8.0, 15.0] {
        let mut pump = heat_pump();
        if let Some(rooms) = &mut pump.rooms {
            rooms.outdoor.fill(Celsius(outdoor));
        }
        let costed = heated(pump);
        assert_near(costed.shortfalls.discomfort_kelvin_hours, 0.0);
        assert_near(costed.shortfalls.hot_water_kwh_hours, 0.0);
        assert_near(costed.shortfalls.end_kelvins, 0.0);
        assert_near(costed.shortfalls.end_energy.0, 0.0);
        let power = &costed.schedule.setpoints.heat_pumps[0];
        assert!(total(&power.backup) + total(&power.immersion) < 0.5, "heaters at {outdoor} °C");
    }
}

#[test]
fn the_rooms_swing_between_the_lowest_temperature_and_a_kelvin_above_it() {
    let pump = only_rooms(rooms());
    let costed = heated(pump.clone());
    let theta = temperatures(&costed);
    let first = starts(&pump, &costed)[0];
    assert!(theta[first] < 20.2, "it waits until the rooms are cold: {}", theta[first]);
    let warmest = theta.iter().copied().fold(0.0, f64::max);
    assert!(warmest > 20.99 && warmest < 21.1, "it heats up to the hysteresis: {warmest}");
    let power = &costed.schedule.setpoints.heat_pumps[0].rooms;
    assert_near(power[first].0, 3.0);
    assert!((1..=8).contains(&starts(&pump, &costed).len()));
}

#[test]
fn it_starts_in_time_for_a_warmer_morning() {
    let mut setback = rooms();
    setback.initial = Celsius(18.0);
    setback.lowest[..28].fill(Celsius(17.0));
    setback.backup_max = Kilowatts::ZERO;
    let costed = heated(only_rooms(setback));
    assert_near(costed.shortfalls.discomfort_kelvin_hours, 0.0);
    let theta = temperatures(&costed);
    assert!(theta[10] < 18.0, "not earlier than needed: {}", theta[10]);
}

#[test]
fn it_starts_in_time_for_a_large_draw() {
    let mut bath = hot_water();
    bath.draw.fill(KilowattHours::ZERO);
    bath.draw[70] = KilowattHours(5.0);
    bath.heater_max = Kilowatts::ZERO;
    let costed = heated(only_water(bath));
    assert_near(costed.shortfalls.hot_water_kwh_hours, 0.0);
}

#[test]
fn hot_water_comes_first_when_both_are_cold() {
    let mut pump = heat_pump();
    pump.rooms = Some(Rooms { initial: Celsius(19.0), backup_max: Kilowatts::ZERO, ..rooms() });
    pump.hot_water =
        Some(HotWater { initial: KilowattHours(1.0), heater_max: Kilowatts::ZERO, ..hot_water() });
    let costed = heated(pump);
    let power = &costed.schedule.setpoints.heat_pumps[0];
    assert_near(power.hot_water[0].0, 3.0);
    assert!(total(&power.rooms[..12]) > 0.0, "and the rooms soon after");
}

#[test]
fn the_backup_heater_holds_the_lowest_temperature_where_the_compressor_cannot() {
    let mut weak = rooms();
    weak.compression.max_power.fill(Kilowatts(0.6));
    let costed = heated(only_rooms(weak.clone()));
    let power = &costed.schedule.setpoints.heat_pumps[0];
    assert!(total(&power.backup) > 0.0);
    assert_near(costed.shortfalls.discomfort_kelvin_hours, 0.0);
    weak.backup_max = Kilowatts::ZERO;
    assert!(heated(only_rooms(weak)).shortfalls.discomfort_kelvin_hours > 0.0);
}

#[test]
fn with_its_last_start_of_the_day_it_runs_on_instead_of_leaving_the_rooms_cold() {
    let mut pump = only_rooms(Rooms { backup_max: Kilowatts::ZERO, ..rooms() });
    pump.start_caps = vec![StartCap { intervals: 0..COUNT, most: 1 }];
    let costed = heated(pump.clone());
    assert_eq!(starts(&pump, &costed).len(), 1);
    assert_near(costed.shortfalls.discomfort_kelvin_hours, 0.0);
}

#[test]
fn nothing_is_heated_in_warm_weather() {
    let mut warm = rooms();
    warm.outdoor.fill(Celsius(21.0));
    assert_near(total(&heated(only_rooms(warm)).schedule.setpoints.heat_pumps[0].rooms), 0.0);
}
