//! The series table, streamed home by home.

use chrono::Duration;
use offpeak_tables::{FleetWriter, Format, Value};

use crate::folder::{Folder, day, stamp, start};

/// The series of `homes` in this order, a day each.
fn series(homes: &[&str]) -> String {
    let row = |home: &str, t: i64| format!("{home},{},0.5\n", stamp(start() + Duration::minutes(15 * t)));
    let rows: String = homes.iter().flat_map(|home| (0..96).map(move |t| row(home, t))).collect();
    format!("home_id,start_utc,load_kw\n{rows}")
}

/// Three homes without devices.
fn three_homes(order: &[&str]) -> Folder {
    let folder = Folder::sample();
    for table in ["batteries", "evs", "ev_sessions", "heat_pumps", "appliances", "dimming"] {
        folder.remove(table);
    }
    folder.write("homes", "home_id,tariff_id,import_limit_kw\na,t,20\nb,t,20\nc,t,20\n");
    folder.write("series", &series(order));
    folder
}

#[test]
fn a_gap_spoils_only_its_own_home() {
    let folder = three_homes(&["a", "b", "c"]);
    folder.replace("series", "b,2026-01-15T05:00Z,0.5\n", "");
    let errors = folder.errors();
    assert!(errors[0].is_empty() && errors[2].is_empty(), "{errors:?}");
    assert_eq!(
        errors[1],
        [
            "series.csv row 122, column start_utc: 2026-01-15T05:15Z; must be 2026-01-15T05:00Z, 15 minutes after \
          the row before (hint: rows from 2026-01-15T05:00Z are missing; a gap is never filled)"
        ]
    );
}

#[test]
fn repeats_and_impossible_values_are_refused() {
    for (from, to, expected) in [
        ("b,2026-01-15T05:00Z,0.5\n", "b,2026-01-15T04:45Z,0.5\n", "04:45Z again; must be there once"),
        ("b,2026-01-15T05:00Z,0.5\n", "b,2026-01-15T05:00Z,nan\n", "nan; must be a number of at least 0"),
        (
            "b,2026-01-15T05:00Z,0.5\n",
            "b,2026-01-15T05:00Z,\n",
            "load_kw: must be given: a number of at least 0",
        ),
        ("b,2026-01-15T05:00Z,0.5\n", "b,2026-01-15T05:00,0.5\n", "hint: add Z for UTC"),
    ] {
        let folder = three_homes(&["a", "b", "c"]);
        folder.replace("series", from, to);
        let errors = folder.errors();
        assert!(errors[0].is_empty() && errors[2].is_empty(), "{errors:?}");
        assert!(errors[1].len() == 1 && errors[1][0].contains(expected), "{errors:?}");
        assert!(errors[1][0].starts_with("series.csv row 122, column "), "{errors:?}");
    }
}

#[test]
fn a_home_without_rows_is_an_error_and_the_next_is_well() {
    let errors = three_homes(&["a", "c"]).errors();
    assert!(errors[0].is_empty() && errors[2].is_empty(), "{errors:?}");
    assert_eq!(
        errors[1],
        [
            "series.csv, column home_id: no rows of b; must have rows for every home (hint: the homes must come in \
          the order of the table `homes`)"
        ]
    );
}

#[test]
fn a_series_that_ends_early_names_the_first_instant_without_a_value() {
    let folder = three_homes(&["a", "b", "c"]);
    folder.replace("series", "b,2026-01-15T22:45Z,0.5\n", "");
    assert_eq!(
        folder.errors()[1],
        ["series.csv, column home_id: b: no value at 2026-01-15T22:45Z; it spans 2026-01-14T23:00Z to \
          2026-01-15T22:45Z; must cover the plan from 2026-01-14T23:00Z to 2026-01-15T23:00Z"]
    );
}

#[test]
fn homes_out_of_order_end_the_file_but_lose_no_home() {
    let folder = three_homes(&["b", "a", "c"]);
    let entries = folder.entries();
    assert_eq!(entries.len(), 3);
    let errors = folder.errors();
    assert!(errors[0][0].contains("no rows of a"), "{errors:?}");
    for error in [&errors[1][0], &errors[2][0]] {
        assert_eq!(
            error,
            "series.csv row 98, column home_id: a; must stand with the other rows of its home, in the order of \
             the table `homes` (hint: sort the series by home, then by time)"
        );
    }
}

#[test]
fn rows_of_no_home_are_an_error_even_at_the_end() {
    let folder = three_homes(&["a", "b", "c", "d"]);
    let errors = folder.errors();
    assert!(errors[0].is_empty() && errors[1].is_empty(), "{errors:?}");
    assert_eq!(errors[2], ["series.csv row 290, column home_id: d; must be a home of the table `homes`"]);
}

#[test]
fn a_file_that_breaks_off_gives_an_error_for_every_home_left() {
    let folder = three_homes(&["a", "b", "c"]);
    let rows = folder.read("series");
    // Far enough into the file that the first chunk is sound.
    let many: Vec<String> = (0..400).map(|home| format!("h{home}")).collect();
    let row = |home: &String| format!("{home},t,20\n");
    let homes: String = many.iter().map(row).collect();
    folder.write("homes", &format!("home_id,tariff_id,import_limit_kw\n{homes}"));
    let names: Vec<&str> = many.iter().map(String::as_str).collect();
    folder.write("series", &format!("{}broken,row\n", series(&names[..380])));
    assert!(rows.len() > 1);
    let entries = folder.entries();
    assert_eq!(entries.len(), 400);
    let failed: Vec<_> = entries.iter().filter(|entry| entry.home.is_err()).collect();
    assert!(failed.len() >= 20 && failed.len() < 400, "{}", failed.len());
    let last = entries[399].home.as_ref().expect_err("after the broken row")[0].to_string();
    assert!(last.contains("series.csv row 36482: 2 fields; must have 3 fields"), "{last}");
}

#[test]
fn a_series_may_be_months_long_and_coarser_than_the_plan() {
    let folder = three_homes(&[]);
    let from = start() - Duration::days(60);
    let row =
        |home: &str, hour: i64| format!("{home},{},0.{}\n", stamp(from + Duration::hours(hour)), hour % 10);
    let rows: String =
        ["a", "b", "c"].iter().flat_map(|home| (0..24 * 90).map(move |hour| row(home, hour))).collect();
    folder.write("series", &format!("home_id,start_utc,load_kw\n{rows}"));
    for entry in folder.entries() {
        let load = entry.home.expect("valid").grid.load.clone();
        assert_eq!(load.len(), 96);
        assert!(load[..4].iter().all(|power| power.0.abs() < 1e-12), "{load:?}");
        assert!(load[4..8].iter().all(|power| (power.0 - 0.1).abs() < 1e-12), "{load:?}");
    }
}

#[test]
fn a_series_in_parquet_says_the_same_and_counts_its_rows() {
    let folder = three_homes(&["a", "b", "c"]);
    let expected = folder.entries();
    folder.remove("series");
    write_parquet(&folder, 0.5);
    assert_eq!(folder.entries(), expected);
    std::fs::remove_file(folder.file("series.parquet")).expect("is there");
    write_parquet(&folder, -0.5);
    let errors = folder.errors();
    assert_eq!(errors[2], ["series.parquet row 193, column load_kw: -0.5; must be a number of at least 0"]);
}

/// The three homes; the third has another load.
fn write_parquet(folder: &Folder, load_of_c: f64) {
    let apart = tempfile::TempDir::new().expect("a temporary folder");
    let mut writer = FleetWriter::create(apart.path(), Format::Parquet).expect("can be written");
    for home in ["a", "b", "c"] {
        for t in 0..96 {
            let load = if home == "c" { load_of_c } else { 0.5 };
            let row = [
                ("home_id", Value::Text(Some(home))),
                ("start_utc", Value::Time(Some(start() + Duration::minutes(15 * t)))),
                ("load_kw", Value::Number(Some(load))),
            ];
            writer.write("series", &row).expect("can be written");
        }
    }
    writer.finish().expect("can be written");
    std::fs::copy(apart.path().join("series.parquet"), folder.file("series.parquet")).expect("can be copied");
}

#[test]
fn a_plan_that_cannot_be_is_an_error_of_every_home() {
    let folder = three_homes(&["a", "b", "c"]);
    let window = offpeak_tables::PlanWindow { interval_minutes: 7, ..day() };
    let fleet = folder.open().expect("opens");
    for entry in fleet.homes(&window) {
        let errors = entry.home.expect_err("no such interval");
        assert_eq!(
            errors[0].to_string(),
            "plan, column interval: 7 minutes; must be 15, or another number of minutes that divides an hour"
        );
    }
}
