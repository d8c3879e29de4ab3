//! Damaged files: no bytes end the program, and no home is lost.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use chrono::{DateTime, Duration, Utc};
use offpeak_tables::{Fleet, FleetWriter, Format, HomeEntry, PlanWindow, Span, Value, read_home_json};
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::damage::{any_cell, apply, damages, with_cell};
use crate::folder::{Folder, day, stamp, start};

const TABLES: [&str; 13] = [
    "homes",
    "tariffs",
    "grid_fees",
    "prices",
    "outdoor",
    "co2",
    "series",
    "batteries",
    "evs",
    "ev_sessions",
    "heat_pumps",
    "appliances",
    "dimming",
];

/// The sample with the tables that it does without.
fn everything() -> Folder {
    let folder = Folder::sample();
    folder.write(
        "homes",
        "home_id,tariff_id,outdoor_id,import_limit_kw,co2_id,co2_weight_ct_per_kg\na,t,o,20,c,3\nb,g,,15,,\n",
    );
    folder.write("tariffs", "tariff_id,kind,fixed_ct_per_kwh,grid_fee_id\nt,all_in,,\ng,fixed,15,netz\n");
    folder.write(
        "grid_fees",
        "dso_id,valid_from,quarters,band,from_local,to_local,ct_per_kwh_net\n\
         netz,2026-01-01,Q1+Q4,NT,00:00,07:00,1\nnetz,2026-01-01,Q1+Q4,HT,07:00,24:00,9\n",
    );
    folder.write("co2", &format!("co2_id,start_utc,g_per_kwh\n{}", hourly("c,", ",300")));
    folder
}

/// A line for every hour of the day: its stamp between two texts.
fn hourly(before: &str, after: &str) -> String {
    let line = |hour| format!("{before}{}{after}\n", stamp(start() + Duration::hours(hour)));
    (0..24).map(line).collect()
}

/// Every table of [`everything`] in Parquet.
static PARQUET: LazyLock<BTreeMap<&str, Vec<u8>>> = LazyLock::new(|| {
    let folder = everything();
    TABLES.into_iter().map(|table| (table, parquet(table, &folder.read(table)))).collect()
});

/// A table in Parquet: numbers and time stamps as such, all else as text.
fn parquet(table: &'static str, csv: &str) -> Vec<u8> {
    let mut lines = csv.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let header: Vec<&'static str> =
        lines.next().expect("a header").into_iter().map(|name| &*name.to_owned().leak()).collect();
    let rows: Vec<Vec<&str>> = lines.collect();
    let number = |cell: &str| cell.is_empty() || cell.parse::<f64>().is_ok();
    let numeric: Vec<bool> = (0..header.len()).map(|at| rows.iter().all(|row| number(row[at]))).collect();
    let value = |at: usize, cell| match header[at] {
        "start_utc" => Value::Time(Some(instant(cell))),
        _ if numeric[at] => Value::Number(cell.parse().ok()),
        _ => Value::Text(Some(cell).filter(|cell| !cell.is_empty())),
    };
    let folder = tempfile::tempdir().expect("a folder");
    let mut writer = FleetWriter::create(folder.path(), Format::Parquet).expect("can be written");
    for row in &rows {
        let cells = row.iter().enumerate().map(|(at, cell)| (header[at], value(at, *cell)));
        writer.write(table, &cells.collect::<Vec<_>>()).expect("can be written");
    }
    writer.finish().expect("can be written");
    fs::read(folder.path().join(format!("{table}.parquet"))).expect("was written")
}

fn instant(stamp: &str) -> DateTime<Utc> {
    stamp.replace('Z', ":00Z").parse().expect("a time stamp")
}

/// Reads a fleet to its end; there must be an entry for each home, and a reason for each that is not there.
fn read_all(folder: &Path, prices: Option<&Path>) {
    if let Ok(fleet) = Fleet::open(folder, prices) {
        let entries: Vec<_> = fleet.homes(&day()).collect();
        assert_eq!(entries.len(), fleet.len());
        entries.into_iter().for_each(assert_home_or_reason);
    }
}

fn assert_home_or_reason(entry: HomeEntry) {
    assert!(entry.home.is_ok() || !entry.home.expect_err("it is not ok").is_empty());
}

/// Reads a home of JSON in the two hours of the example.
fn read_json(bytes: &[u8], prices: Option<&Path>) {
    let folder = Folder::empty();
    let path = folder.file("home.json");
    fs::write(&path, bytes).expect("can be written");
    let span = Span::Instants { from: start() + Duration::hours(18), to: start() + Duration::hours(20) };
    let window = PlanWindow { span, interval_minutes: 15 };
    if let Ok(entry) = read_home_json(&path, prices, &window) {
        assert_home_or_reason(entry);
    }
}

/// The example of the documentation.
static EXAMPLE: LazyLock<String> = LazyLock::new(|| {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/tables.md");
    let page = fs::read_to_string(page).expect("the page is part of the project");
    let example = page.split("```json\n").nth(1).and_then(|text| text.split("```").next());
    example.expect("an example").to_owned()
});

/// What may stand for a value in JSON.
fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let text = any_cell().prop_map(serde_json::Value::from);
    prop_oneof![
        2 => text,
        2 => any::<f64>().prop_map(serde_json::Value::from),
        1 => any::<i64>().prop_map(serde_json::Value::from),
        1 => any::<bool>().prop_map(serde_json::Value::from),
        1 => select(vec!["null", "[]", "{}", "[1]", "[{}]", "{\"start_utc\": 1}", "[[[]]]"])
            .prop_map(|text| serde_json::from_str(text).expect("JSON")),
    ]
}

/// Puts `new` in the place of the value that is reached after `left` others; whether it was reached.
fn replace(value: &mut serde_json::Value, left: &mut usize, new: &serde_json::Value) -> bool {
    if *left == 0 {
        *value = new.clone();
        return true;
    }
    *left -= 1;
    match value {
        serde_json::Value::Array(values) => values.iter_mut().any(|value| replace(value, left, new)),
        serde_json::Value::Object(values) => values.values_mut().any(|value| replace(value, left, new)),
        _ => false,
    }
}

/// A price file apart from the fleet, in each of the three dialects.
fn price_files() -> [String; 3] {
    [
        format!("start_utc,eur_per_mwh\n{}", hourly("", ",80.5")),
        format!("start_utc,ct_per_kwh\n{}", hourly("", ",-3")),
        format!("price_id,start_utc,import_ct_per_kwh,export_ct_per_kwh\n{}", hourly("day_ahead,", ",30,8")),
    ]
}

#[test]
fn undamaged_all_of_it_is_read() {
    let (in_csv, in_parquet) = (everything(), everything());
    for (table, bytes) in &*PARQUET {
        in_parquet.remove(table);
        fs::write(in_parquet.file(&format!("{table}.parquet")), bytes).expect("can be written");
    }
    for position in 0..2 {
        assert_eq!(in_csv.home(position), in_parquet.home(position));
    }
    for text in price_files() {
        let path = in_csv.file("apart.parquet");
        fs::write(&path, parquet("prices", &text)).expect("can be written");
        Fleet::open(in_csv.path(), Some(&path)).expect("prices in Parquet");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn damaged_csv_is_an_error_or_another_table(table in select(&TABLES[..]), damages in damages()) {
        let folder = everything();
        let mut bytes = folder.read(table).into_bytes();
        apply(&mut bytes, &damages);
        fs::write(folder.file(&format!("{table}.csv")), bytes).expect("can be written");
        read_all(folder.path(), None);
    }

    #[test]
    fn random_bytes_are_no_table(
        bytes in prop::collection::vec(any::<u8>(), 0..400),
        name in select(&["series.csv", "series.parquet"][..]),
    ) {
        let folder = Folder::sample();
        folder.remove("series");
        fs::write(folder.file(name), bytes).expect("can be written");
        prop_assert!(folder.open().is_err());
    }

    #[test]
    fn cells_of_any_text_are_read_or_refused(
        table in select(&TABLES[..]),
        places in any::<[Index; 2]>(),
        cell in any_cell(),
    ) {
        let folder = everything();
        folder.write(table, &with_cell(&folder.read(table), places, &cell));
        read_all(folder.path(), None);
    }

    #[test]
    fn damaged_price_files_are_an_error_or_other_prices(
        dialect in 0..3_usize,
        in_parquet in any::<bool>(),
        damages in damages(),
        only_bytes in prop::option::weighted(0.1, prop::collection::vec(any::<u8>(), 0..400)),
    ) {
        let folder = everything();
        let text = &price_files()[dialect];
        let path = folder.file(if in_parquet { "apart.parquet" } else { "apart.csv" });
        let whole = if in_parquet { parquet("prices", text) } else { text.clone().into_bytes() };
        let mut bytes = only_bytes.unwrap_or(whole);
        apply(&mut bytes, &damages);
        fs::write(&path, bytes).expect("can be written");
        read_all(folder.path(), Some(&path));
        read_json(EXAMPLE.as_bytes(), Some(&path));
    }

    #[test]
    fn damaged_json_is_an_error_or_another_home(
        damages in damages(),
        only_bytes in prop::option::of(prop::collection::vec(any::<u8>(), 0..100)),
    ) {
        let mut bytes = only_bytes.unwrap_or_else(|| EXAMPLE.clone().into_bytes());
        apply(&mut bytes, &damages);
        read_json(&bytes, None);
    }

    #[test]
    fn values_of_any_kind_are_read_or_refused_in_json(place in 0..60_usize, new in any_json()) {
        let mut home: serde_json::Value = serde_json::from_str(&EXAMPLE).expect("JSON");
        replace(&mut home, &mut { place }, &new);
        read_json(home.to_string().as_bytes(), None);
    }

    #[test]
    fn damaged_parquet_is_an_error_or_another_table(table in select(&TABLES[..]), damages in damages()) {
        let folder = everything();
        let mut bytes = PARQUET[table].clone();
        apply(&mut bytes, &damages);
        folder.remove(table);
        fs::write(folder.file(&format!("{table}.parquet")), bytes).expect("can be written");
        read_all(folder.path(), None);
    }
}
