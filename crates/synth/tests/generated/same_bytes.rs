use std::fs;

use offpeak_synth::{Mix, generate};
use offpeak_tables::Format;

use crate::support::{csv_files, options, rows};

#[test]
fn the_same_options_give_the_same_bytes_and_another_seed_others() {
    let options = options(6, "2026-01-15", Mix::Full);
    let first = csv_files(&options);
    assert_eq!(first, csv_files(&options));
    let other = offpeak_synth::SynthOptions { seed: 43, ..options };
    for table in ["prices.csv", "outdoor.csv", "series.csv", "batteries.csv", "evs.csv", "heat_pumps.csv"] {
        assert_ne!(first[table], csv_files(&other)[table], "{table}");
    }
}

#[test]
fn parquet_files_have_the_same_bytes_again() {
    let bytes = || {
        let folder = tempfile::tempdir().expect("a folder");
        generate(&options(4, "2026-01-15", Mix::Full), folder.path(), Format::Parquet).expect("a fleet");
        ["homes", "series", "evs"]
            .map(|table| fs::read(folder.path().join(format!("{table}.parquet"))).expect("a file"))
    };
    assert!(bytes() == bytes());
}

#[test]
fn a_larger_fleet_begins_with_the_smaller_one() {
    for mix in [Mix::Realistic, Mix::Full] {
        let small = csv_files(&options(5, "2026-01-15", mix));
        let large = csv_files(&options(17, "2026-01-15", mix));
        for (name, text) in &small {
            assert!(large[name].starts_with(text), "{name} of {mix:?}");
        }
    }
}

#[test]
fn a_day_has_the_same_weather_and_market_whatever_day_a_fleet_begins_with() {
    let alone = csv_files(&options(1, "2026-01-16", Mix::BatteryOnly));
    let second =
        csv_files(&offpeak_synth::SynthOptions { days: 2, ..options(1, "2026-01-15", Mix::BatteryOnly) });
    for row in alone["prices.csv"].lines().chain(alone["series.csv"].lines()).skip(1) {
        let there = second["prices.csv"].contains(row) || second["series.csv"].contains(row);
        assert!(there, "{row}");
    }
}

#[test]
fn homes_with_tariffs_of_their_own_are_otherwise_the_same_and_bring_no_prices() {
    let usual = options(6, "2026-01-15", Mix::Full);
    let own = csv_files(&offpeak_synth::SynthOptions { tariff_per_home: true, ..usual.clone() });
    let usual = csv_files(&usual);
    for table in ["tariffs.csv", "prices.csv", "grid_fees.csv"] {
        assert!(usual.contains_key(table) && !own.contains_key(table), "{table}");
    }
    for home in rows(&own["homes.csv"]) {
        assert_eq!(home["tariff_id"], home["home_id"]);
    }
    for table in
        ["outdoor.csv", "series.csv", "batteries.csv", "evs.csv", "ev_sessions.csv", "heat_pumps.csv"]
    {
        assert_eq!(own[table], usual[table], "{table}");
    }
}
