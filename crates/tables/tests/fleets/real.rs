//! Real series, where they are at hand.

use std::path::PathBuf;

use chrono::NaiveDate;
use offpeak_tables::{Fleet, PlanWindow};

use crate::folder::Folder;

/// A file of the real data, or none, with a word about it.
fn real(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")).join(name);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {} is not there", path.display());
    None
}

#[test]
fn a_year_of_weather_prices_and_load_gives_days_of_23_24_and_25_hours() {
    let (Some(weather), Some(csv), Some(parquet)) = (
        real("temp_koeln_bonn_2024_60min.csv"),
        real("prices_de_lu_2024_60min.csv"),
        real("prices_de_lu_2024_60min.parquet"),
    ) else {
        return;
    };
    let folder = Folder::sample();
    folder.write("tariffs", "tariff_id,kind\nt,day_ahead\n");
    for table in ["evs", "ev_sessions", "appliances", "dimming", "prices"] {
        folder.remove(table);
    }
    let weather = std::fs::read_to_string(weather).expect("can be read");
    let rows: Vec<&str> = weather.lines().skip(1).collect();
    let outdoor: String = rows.iter().map(|row| format!("o,{row}\n")).collect();
    folder.write("outdoor", &format!("outdoor_id,start_utc,outdoor_c\n{outdoor}"));
    let load = |home: &str| rows.iter().map(|row| format!("{home},{},0.4\n", &row[..17])).collect::<String>();
    folder.write("series", &format!("home_id,start_utc,load_kw\n{}{}", load("a"), load("b")));
    for (month, day, intervals) in [(3, 31, 92), (6, 1, 96), (10, 27, 100)] {
        let date = NaiveDate::from_ymd_opt(2024, month, day).expect("a date");
        let homes = |prices: &PathBuf| {
            let fleet = Fleet::open(folder.path(), Some(prices)).expect("opens");
            fleet.homes(&PlanWindow::local_day(date)).collect::<Vec<_>>()
        };
        let entries = homes(&csv);
        assert_eq!(entries, homes(&parquet), "the same prices as CSV and as Parquet");
        for entry in entries {
            assert_eq!(entry.home.expect("valid").horizon.len(), intervals);
        }
    }
}
