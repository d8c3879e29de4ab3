//! What a valid fleet says.

use chrono::Duration;
use offpeak_domain::{
    Celsius, CentsPerKilowattHour, EvSession, KilowattHours, Kilowatts, PowerRange, StartCap,
};
use offpeak_tables::{Fleet, PlanWindow, Span};

use crate::folder::{Folder, day, stamp, start};

#[test]
fn every_table_arrives_in_the_home() {
    let folder = Folder::sample();
    let homes: Vec<_> = folder.entries();
    assert_eq!(homes.iter().map(|entry| entry.home_id.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    assert!(homes.iter().all(|entry| entry.notes.is_empty() || entry.home_id == "b"), "{homes:?}");
    let home = folder.home(0);
    assert_eq!(home.horizon.len(), 96);
    assert_eq!(home.grid.load, vec![Kilowatts(0.5); 96]);
    assert_eq!(home.grid.pv, vec![Kilowatts(0.1); 96]);
    assert_eq!(home.grid.import_price, vec![CentsPerKilowattHour(30.0); 96]);
    assert_eq!(home.batteries[0].max_discharge, vec![Kilowatts(4.0); 96]);
    assert_eq!(home.batteries[0].end_floor, KilowattHours(5.0));
    assert_eq!(home.evs[0].modes, [PowerRange { min: Kilowatts(4.14), max: Kilowatts(11.0) }]);
    assert_eq!(home.appliances[0].profile, [2.0, 0.5].map(Kilowatts));
    assert_eq!((home.appliances[0].earliest_start, home.appliances[0].latest_start), (32, 46));
}

#[test]
fn local_sessions_become_intervals_and_the_last_one_a_value() {
    let car = Folder::sample().home(0).evs[0].clone();
    let first =
        EvSession { connected: 0..28, target: Some(KilowattHours(40.0)), driven_before: KilowattHours(0.0) };
    let last = EvSession { connected: 72..96, target: None, driven_before: KilowattHours(10.0) };
    assert_eq!(car.sessions, [first, last]);
    let end = car.end.expect("the last session goes on");
    assert_eq!(end.target, KilowattHours(45.0));
    assert!((end.value.0 - 30.0 / 0.9).abs() < 1e-9, "{end:?}");
}

#[test]
fn a_dimmed_hour_leaves_the_load_plus_the_cap() {
    let limits = Folder::sample().home(0).grid.import_limit.clone();
    assert_eq!(limits.iter().filter(|limit| limit.0 < 20.0).count(), 4);
    assert!((limits[68].0 - 4.6).abs() < 1e-9, "{}", limits[68]);
}

#[test]
fn a_heat_pump_has_the_cop_of_its_weather_and_the_comfort_of_its_hour() {
    let folder = Folder::sample();
    folder.replace("heat_pumps", "initial_room_c,", "initial_room_c,night_lowest_c,most_starts_per_day,");
    folder.replace("heat_pumps", ",21,8", ",21,18,4,8");
    let pump = folder.home(0).heat_pumps[0].clone();
    let rooms = pump.rooms.expect("heats rooms");
    assert!((rooms.compression.cop[0] - 3.747).abs() < 1e-9, "{}", rooms.compression.cop[0]);
    assert!((rooms.compression.min_power[0].0 - 0.9).abs() < 1e-9);
    assert_eq!(rooms.lowest[23], Celsius(18.0));
    assert_eq!(rooms.lowest[24], Celsius(20.0));
    assert_eq!(rooms.lowest[88], Celsius(18.0));
    let water = pump.hot_water.expect("heats water");
    assert!((water.draw[0].0 - 0.05).abs() < 1e-12);
    assert!(water.compression.cop[0] < rooms.compression.cop[0]);
    assert_eq!(pump.start_caps, [StartCap { intervals: 0..96, most: 4 }]);
}

#[test]
fn an_hourly_plan_averages_the_series_and_the_profile() {
    let folder = Folder::sample();
    let prices = (0..24).map(|hour| format!("{},30\n", stamp(start() + Duration::hours(hour))));
    folder.write("prices", &format!("start_utc,ct_per_kwh\n{}", prices.collect::<String>()));
    let first = format!("a,{},0.5,", stamp(start()));
    folder.replace("series", &first, &format!("a,{},2.5,", stamp(start())));
    let window = PlanWindow { interval_minutes: 60, ..day() };
    let fleet = folder.open().expect("opens");
    let home = fleet.homes(&window).next().expect("two homes").home.expect("valid");
    assert_eq!(home.horizon.len(), 24);
    assert!((home.grid.load[0].0 - 1.0).abs() < 1e-12, "{}", home.grid.load[0]);
    assert_eq!(home.appliances[0].profile, [Kilowatts(0.625)]);
}

#[test]
fn a_plan_may_cover_a_part_of_the_series() {
    let folder = Folder::sample();
    let (from, to) = (start() + Duration::minutes(67), start() + Duration::hours(3));
    let window = PlanWindow { span: Span::Instants { from, to }, interval_minutes: 15 };
    let fleet = folder.open().expect("opens");
    let home = fleet.homes(&window).next().expect("two homes").home.expect("valid");
    assert_eq!(home.horizon.len(), 8);
    assert!((home.horizon.length(0).0 * 60.0 - 8.0).abs() < 1e-9);
    assert_eq!(home.grid.load, vec![Kilowatts(0.5); 8]);
}

#[test]
fn a_byte_order_mark_quotes_and_windows_line_ends_do_no_harm() {
    let folder = Folder::sample();
    let expected = folder.entries();
    let homes = "\u{feff}home_id,tariff_id,outdoor_id,import_limit_kw\r\n\r\n\"a\",t,\"o\",20\r\nb,\"t\",,15";
    folder.write("homes", homes);
    assert_eq!(folder.entries(), expected);
}

#[test]
fn a_prices_file_apart_takes_the_place_of_those_in_the_folder() {
    let folder = Folder::sample();
    let apart = folder.read("prices").replace(",30\n", ",12\n");
    let path = folder.file("of-the-supplier.csv");
    std::fs::write(&path, apart).expect("can be written");
    let fleet = Fleet::open(folder.path(), Some(&path)).expect("opens");
    let home = fleet.homes(&day()).next().expect("two homes").home.expect("valid");
    assert_eq!(home.grid.import_price[0], CentsPerKilowattHour(12.0));
}

#[test]
fn what_a_plan_leaves_out_is_noted() {
    let folder = Folder::sample();
    folder.replace("appliances", "2026-01-15T12:00", "2026-01-16T12:00");
    let entries = folder.entries();
    assert_eq!(
        entries[0].notes,
        ["appliance `washer` is not in this plan: its window ends at 2026-01-16T11:00Z, after the plan at \
          2026-01-15T23:00Z"]
    );
    assert_eq!(entries[1].notes, ["hot_water_draw_kw is not used: no heat pump of the home has a tank"]);
}

#[test]
fn a_fleet_can_be_read_again() {
    let folder = Folder::sample();
    let fleet = folder.open().expect("opens");
    assert_eq!(fleet.homes(&day()).len(), fleet.len());
    assert_eq!(fleet.homes(&day()).collect::<Vec<_>>(), fleet.homes(&day()).collect::<Vec<_>>());
}
