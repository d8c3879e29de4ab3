//! Real market prices and the price sheets of real grid operators, through a fleet folder to a home's prices.
//!
//! Skips, and says so, where the data are not there.

#![expect(clippy::print_stdout, reason = "a test that skips says so")]

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Europe::Berlin;
use offpeak_domain::{Home, Horizon};
use offpeak_tables::{Fleet, PlanWindow};
use offpeak_tests::real_data::RealData;

/// A fleet of one home per tariff, with a load for the quarter-hours of `date`; rows of `tariffs` begin with its id.
fn homes(date: NaiveDate, tariffs: &str, grid_fees: &str, prices: Option<&Path>) -> Vec<Home> {
    let folder = tempfile::tempdir().expect("a folder for a while");
    let horizon = Horizon::local_day(date, Berlin, 15).expect("divides");
    let (mut homes, mut series) =
        ("home_id,tariff_id,import_limit_kw\n".to_owned(), "home_id,start_utc,load_kw\n".to_owned());
    for row in tariffs.lines().skip(1) {
        let id = row.split(',').next().expect("an id");
        writeln!(homes, "{id},{id},25").expect("text");
        for start in &horizon.edges()[..horizon.len()] {
            writeln!(series, "{id},{},0.3", start.format("%Y-%m-%dT%H:%MZ")).expect("text");
        }
    }
    for (table, text) in
        [("homes", &*homes), ("series", &series), ("tariffs", tariffs), ("grid_fees", grid_fees)]
    {
        fs::write(folder.path().join(format!("{table}.csv")), text).expect("written");
    }
    let fleet = Fleet::open(folder.path(), prices).unwrap_or_else(|error| panic!("{error}"));
    let entries = fleet.homes(&PlanWindow::local_day(date));
    entries.map(|entry| entry.home.unwrap_or_else(|errors| panic!("on {date}: {errors:?}"))).collect()
}

fn data(file: &str) -> Option<PathBuf> {
    let path = RealData::folder().map(|folder| folder.join(file)).filter(|path| path.exists());
    if path.is_none() {
        println!("skipped: no {file} beside the workspace");
    }
    path
}

fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a date")
}

/// The fee that a sheet prints for `instant`: times of day are compared as they are written.
fn printed_fee(sheet: &str, dso: &str, instant: DateTime<Utc>) -> f64 {
    let local = instant.with_timezone(&Berlin);
    let (clock, quarter) = (local.format("%H:%M").to_string(), format!("Q{}", local.month0() / 3 + 1));
    let fees = sheet.lines().skip(1).filter_map(|line| {
        let [id, _, _, quarters, _, from, to, price, ..] = line.split(',').collect::<Vec<_>>()[..] else {
            return None;
        };
        let holds = id == dso && quarters.contains(&quarter) && from <= &*clock && &*clock < to;
        holds.then(|| price.parse().expect("a price"))
    });
    let fees: Vec<f64> = fees.collect();
    assert_eq!(fees.len(), 1, "{dso} at {local}");
    fees[0]
}

#[test]
fn sixteen_operators_charge_what_their_sheets_print_in_each_quarter_and_on_clock_changes() {
    let Some(path) = data("grid_fees_14a_modul3_2026.csv") else { return };
    let sheet = fs::read_to_string(path).expect("readable");
    let mut operators: Vec<&str> = sheet.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    operators.dedup();
    assert_eq!(operators.len(), 16);
    let mut tariffs = "tariff_id,kind,fixed_ct_per_kwh,grid_fee_id,vat_percent\n".to_owned();
    for dso in &operators {
        writeln!(tariffs, "{dso},fixed,0,{dso},0").expect("text");
    }
    for (date, quarter_hours) in [
        (date(2026, 1, 15), 96),
        (date(2026, 3, 29), 92),
        (date(2026, 4, 1), 96),
        (date(2026, 9, 30), 96),
        (date(2026, 10, 25), 100),
        (date(2026, 12, 31), 96),
    ] {
        for home in homes(date, &tariffs, &sheet, None) {
            assert_eq!(home.horizon.len(), quarter_hours);
            for (t, price) in home.grid.import_price.iter().enumerate() {
                let printed = printed_fee(&sheet, &home.id, home.horizon.start_of(t));
                assert!((price.0 - printed).abs() < 1e-9, "{} on {date}: {price}, not {printed}", home.id);
            }
        }
    }
}

#[test]
fn sheets_of_2026_say_nothing_about_2025() {
    let Some(path) = data("grid_fees_14a_modul3_2026.csv") else { return };
    let sheet = fs::read_to_string(path).expect("readable");
    let tariffs = "tariff_id,kind,fixed_ct_per_kwh,grid_fee_id\nt,fixed,0,westnetz\n";
    let caught = std::panic::catch_unwind(|| homes(date(2025, 10, 26), tariffs, &sheet, None));
    let message = caught.expect_err("no sheet holds yet");
    let message = message.downcast_ref::<String>().expect("a message");
    assert!(message.contains("westnetz") && message.contains("2025-10-26"), "{message}");
}

#[test]
fn real_prices_with_surcharges_add_up_on_days_of_23_24_and_25_hours() {
    let tariffs = "tariff_id,kind,markup_ct_per_kwh,levies_ct_per_kwh,grid_fee_ct_per_kwh,feed_in\n\
                   t,day_ahead,1.8,7.1,8.5,market\n";
    let no_fees = "dso_id,valid_from,quarters,band,from_local,to_local,ct_per_kwh_net\n";
    let quarters = [(date(2025, 10, 26), 100), (date(2026, 1, 15), 96), (date(2026, 3, 29), 92)];
    let hours = [(date(2024, 10, 27), 100), (date(2024, 1, 15), 96), (date(2024, 3, 31), 92)];
    for (file, days) in [
        ("prices_de_lu_2025-10_2026-05_15min.csv", quarters),
        ("prices_at_2025-10_2026-05_15min.csv", quarters),
        ("prices_de_lu_2024_60min.csv", hours),
        ("prices_de_lu_2024_60min.parquet", hours),
    ] {
        let Some(path) = data(file) else { continue };
        let Some(text) = data(&file.replace(".parquet", ".csv")) else { continue };
        let text = fs::read_to_string(text).expect("readable");
        for (date, quarter_hours) in days {
            let home = homes(date, tariffs, no_fees, Some(&path)).remove(0);
            assert_eq!(home.horizon.len(), quarter_hours, "{file} on {date}");
            for t in 0..home.horizon.len() {
                let pattern = if file.contains("60min") { "%Y-%m-%dT%H:00Z," } else { "%Y-%m-%dT%H:%MZ," };
                let start = home.horizon.start_of(t).format(pattern).to_string();
                let market = text.lines().find_map(|line| line.strip_prefix(&start)).expect("a price");
                let market: f64 = market.parse::<f64>().expect("a number") / 10.0;
                let import = (market + 1.8 + 7.1 + 8.5) * 1.19;
                assert!((home.grid.import_price[t].0 - import).abs() < 1e-9, "{file} at {start}");
                assert!((home.grid.export_price[t].0 - market).abs() < 1e-9, "{file} at {start}");
            }
        }
    }
}
