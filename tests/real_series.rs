//! A year of real weather and prices, through a fleet folder to days of 23, 24 and 25 hours.
//!
//! Skips, and says so, where the data are not there.

use std::fs;
use std::path::Path;

use chrono::NaiveDate;
use offpeak_tables::{Fleet, HomeEntry, PlanWindow};
use offpeak_tests::real_data::RealData;

/// A fleet of one home with a heat pump, for which the measured temperatures are all it knows.
fn write_fleet(folder: &Path, temperatures: &str) {
    let rows: Vec<(&str, &str)> =
        temperatures.lines().skip(1).map(|row| row.split_once(',').expect("two columns")).collect();
    let outdoor = |(start, celsius): &(&str, &str)| format!("o,{start},{celsius}\n");
    let series = |(start, _): &(&str, &str)| format!("a,{start},0.4\n");
    let (outdoor, series) = (rows.iter().map(outdoor), rows.iter().map(series));
    for (table, text) in [
        ("homes", "home_id,tariff_id,outdoor_id,import_limit_kw\na,t,o,20\n".to_owned()),
        ("tariffs", "tariff_id,kind\nt,day_ahead\n".to_owned()),
        ("outdoor", format!("outdoor_id,start_utc,outdoor_c\n{}", outdoor.collect::<String>())),
        ("series", format!("home_id,start_utc,load_kw\n{}", series.collect::<String>())),
        (
            "heat_pumps",
            "home_id,heat_pump_id,max_power_kw,min_power_share,resistance_k_per_kw,capacitance_kwh_per_k,\
             initial_room_c\na,pump,3,0.3,5,10,21\n"
                .to_owned(),
        ),
    ] {
        fs::write(folder.join(format!("{table}.csv")), text).expect("written");
    }
}

#[test]
fn hourly_series_of_a_year_give_whole_local_days_from_csv_and_from_parquet() {
    let Some(data) = RealData::folder() else {
        println!("skipped: no real data beside the workspace");
        return;
    };
    let folder = tempfile::tempdir().expect("a folder for a while");
    let temperatures = fs::read_to_string(data.join("temp_koeln_bonn_2024_60min.csv")).expect("can be read");
    write_fleet(folder.path(), &temperatures);
    for (month, day, intervals) in [(3, 31, 92), (6, 1, 96), (10, 27, 100)] {
        let date = NaiveDate::from_ymd_opt(2024, month, day).expect("a date");
        let homes = |prices: &str| -> Vec<HomeEntry> {
            let fleet = Fleet::open(folder.path(), Some(&data.join(prices))).expect("opens");
            fleet.homes(&PlanWindow::local_day(date)).collect()
        };
        let entries = homes("prices_de_lu_2024_60min.csv");
        assert_eq!(entries, homes("prices_de_lu_2024_60min.parquet"), "the same prices in both forms");
        for entry in entries {
            let home = entry.home.expect("valid");
            assert_eq!(home.horizon.len(), intervals);
            let rooms = home.heat_pumps[0].rooms.as_ref().expect("heats rooms");
            let (coldest, warmest) = (rooms.outdoor.iter(), rooms.outdoor.iter());
            let coldest = coldest.map(|celsius| celsius.0).fold(f64::INFINITY, f64::min);
            let warmest = warmest.map(|celsius| celsius.0).fold(f64::NEG_INFINITY, f64::max);
            assert!(
                -5.0 < coldest && coldest < warmest && warmest < 30.0,
                "{coldest} to {warmest} °C on {date}"
            );
        }
    }
}
