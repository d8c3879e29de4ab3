use chrono::NaiveDate;
use offpeak_domain::Home;
use offpeak_synth::{Mix, SynthOptions, generate};
use offpeak_tables::{Fleet, Format, PlanWindow, Span};

use crate::support::{day, options};

/// All homes of a fleet, each of which must be valid.
fn homes(options: &SynthOptions, format: Format) -> Vec<Home> {
    let folder = tempfile::tempdir().expect("a folder");
    generate(options, folder.path(), format).expect("a fleet");
    let fleet = Fleet::open(folder.path(), None).expect("tables that can be read");
    let span = Span::LocalDays { first: options.date, days: options.days };
    let window = PlanWindow { span, interval_minutes: options.interval_minutes };
    fleet
        .homes(&window)
        .map(|entry| entry.home.unwrap_or_else(|errors| panic!("{}: {errors:?}", entry.home_id)))
        .collect()
}

fn all_mixes_are_valid_on(date: NaiveDate, intervals: usize) {
    for mix in Mix::ALL {
        let options = SynthOptions { date, ..options(200, "2026-01-15", mix) };
        let homes = homes(&options, Format::Csv);
        assert_eq!(homes.len(), 200, "{mix:?}");
        assert!(homes.iter().all(|home| home.horizon.len() == intervals), "{mix:?}");
    }
}

#[test]
fn every_home_of_every_mix_is_valid_on_a_winter_day() {
    all_mixes_are_valid_on(day("2026-01-15"), 96);
}

#[test]
fn every_home_of_every_mix_is_valid_on_a_day_of_23_hours() {
    all_mixes_are_valid_on(day("2026-03-29"), 92);
}

#[test]
fn every_home_of_every_mix_is_valid_on_a_day_of_25_hours() {
    all_mixes_are_valid_on(day("2025-10-26"), 100);
}

#[test]
fn parquet_several_days_and_hours_are_as_valid() {
    for interval_minutes in [15, 60] {
        let options = SynthOptions { days: 3, interval_minutes, ..options(40, "2026-07-03", Mix::Full) };
        // The appliances' profiles are in quarter-hours, which an hourly plan has no place for.
        let mix = if interval_minutes == 15 { Mix::Full } else { Mix::BatteryEv };
        let homes = homes(&SynthOptions { mix, ..options }, Format::Parquet);
        assert!(homes.iter().all(|home| home.horizon.len() == 3 * 24 * 60 / interval_minutes as usize));
    }
}

#[test]
fn a_full_fleet_has_every_kind_of_device_and_case() {
    let homes = homes(&options(200, "2026-01-15", Mix::Full), Format::Csv);
    for home in &homes {
        assert!(!home.batteries.is_empty() && !home.evs.is_empty() && !home.heat_pumps.is_empty());
        let pump = &home.heat_pumps[0];
        assert!(pump.rooms.is_some() && pump.hot_water.is_some());
        let mut cops = pump.compressions().flat_map(|compression| &compression.cop);
        assert!(cops.all(|cop| (1.3..6.5).contains(cop)), "{}", home.id);
    }
    let some = |what: &str, has: &dyn Fn(&Home) -> bool| {
        let count = homes.iter().filter(|home| has(home)).count();
        assert!((1..200).contains(&count), "{what}: {count} of 200 homes");
    };
    let pump = |home: &Home| home.heat_pumps[0].clone();
    some("two EVs", &|home| home.evs.len() == 2);
    some("V2H or V2G", &|home| home.evs.iter().any(|ev| ev.discharge.is_some()));
    some("an arrival within the day", &|home| {
        home.evs.iter().flat_map(|ev| &ev.sessions).any(|session| session.connected.start > 0)
    });
    some("a session past the end", &|home| home.evs.iter().any(|ev| ev.end.is_some()));
    some("a fixed-speed compressor", &|home| {
        pump(home).compressions().all(|compression| compression.min_power == compression.max_power)
    });
    some("a night setback", &|home| {
        pump(home).rooms.is_some_and(|rooms| rooms.lowest.iter().any(|lowest| *lowest != rooms.lowest[48]))
    });
    some("an immersion heater", &|home| pump(home).hot_water.is_some_and(|water| water.heater_max.0 > 0.0));
    some("a backup heater", &|home| pump(home).rooms.is_some_and(|rooms| rooms.backup_max.0 > 0.0));
    some("a feed-in cap", &|home| home.grid.export_limit[0] < home.grid.import_limit[0]);
    some("dimming", &|home| home.grid.import_limit.iter().any(|limit| *limit != home.grid.import_limit[0]));
    some("an appliance", &|home| !home.appliances.is_empty());
}

#[test]
fn a_larger_pump_than_the_cold_needs_keeps_every_home_warm() {
    // At the design temperature the compressor and its backup make up for the loss of the house.
    for home in homes(&options(200, "2026-01-15", Mix::PumpOnly), Format::Csv) {
        let pump = &home.heat_pumps[0];
        let rooms = pump.rooms.as_ref().expect("every pump of this mix heats rooms");
        let coldest = rooms.outdoor.iter().map(|outdoor| outdoor.0).fold(f64::INFINITY, f64::min);
        let heat = rooms.compression.max_power[0].0
            * rooms.compression.cop.iter().copied().fold(f64::INFINITY, f64::min)
            + rooms.backup_max.0;
        let kept_up = coldest + rooms.building.resistance().0 * heat;
        assert!(coldest < -12.0 || kept_up > 19.0, "{}: {kept_up:.1} °C at {coldest:.1} °C", home.id);
    }
}

#[test]
fn impossible_options_are_refused_before_anything_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let good = options(1, "2026-01-15", Mix::Full);
    let (none, odd) =
        (SynthOptions { homes: 0, ..good.clone() }, SynthOptions { interval_minutes: 20, ..good });
    for options in [none, odd] {
        assert!(generate(&options, folder.path(), Format::Csv).is_err(), "{options:?}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).expect("the folder").count(), 0);
}

#[test]
fn sun_and_people_alone_overheat_few_homes() {
    // With the pump off all day, no gain may push many homes out of their comfort band: a plan could not avoid that.
    for date in ["2026-01-15", "2026-03-20", "2026-04-25", "2026-05-10", "2026-07-05", "2026-10-01"] {
        let homes = homes(&SynthOptions { days: 3, ..options(100, date, Mix::PumpOnly) }, Format::Csv);
        let overheated = homes.iter().filter(|home| {
            let rooms = home.heat_pumps[0].rooms.as_ref().expect("every pump of this mix heats rooms");
            let mut room = rooms.initial.0;
            (0..home.horizon.len()).any(|t| {
                let decay = rooms.building.decay(home.horizon.length(t));
                let kept_up = rooms.outdoor[t].0 + rooms.building.resistance().0 * rooms.gains[t].0;
                room = decay * room + (1.0 - decay) * kept_up;
                room > rooms.highest[t].0 + 0.2
            })
        });
        let share = overheated.count() as f64 / 100.0;
        assert!(share < 0.1, "{share} of all homes on {date}");
    }
}
