//! Damaged files: no bytes end the program, and no home is lost.

use std::path::Path;

use chrono::Duration;
use offpeak_tables::{Fleet, FleetWriter, Format, PlanWindow, Span, Value, read_home_json};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::folder::{Folder, day, start};

/// A change to a file.
#[derive(Debug, Clone)]
enum Damage {
    Flip(Index, u8),
    Insert(Index, Vec<u8>),
    Remove(Index, usize),
    Cut(Index),
}

fn damage() -> impl Strategy<Value = Damage> {
    prop_oneof![
        (any::<Index>(), 1..=u8::MAX).prop_map(|(at, bits)| Damage::Flip(at, bits)),
        (any::<Index>(), prop::collection::vec(any::<u8>(), 1..8))
            .prop_map(|(at, new)| Damage::Insert(at, new)),
        (any::<Index>(), 1..40_usize).prop_map(|(at, length)| Damage::Remove(at, length)),
        any::<Index>().prop_map(Damage::Cut),
    ]
}

fn apply(bytes: &mut Vec<u8>, damages: &[Damage]) {
    for damage in damages.iter().filter(|_| !bytes.is_empty()).cloned().collect::<Vec<_>>() {
        if bytes.is_empty() {
            return;
        }
        let length = bytes.len();
        match damage {
            Damage::Flip(at, bits) => bytes[at.index(length)] ^= bits,
            Damage::Insert(at, new) => {
                let at = at.index(length);
                bytes.splice(at..at, new);
            }
            Damage::Remove(at, count) => {
                let at = at.index(length);
                bytes.drain(at..length.min(at + count));
            }
            Damage::Cut(at) => bytes.truncate(at.index(length)),
        }
    }
}

/// Opens a fleet and reads it to its end; there must be an entry for each home.
fn read_all(folder: &Path) {
    if let Ok(fleet) = Fleet::open(folder, None) {
        let entries: Vec<_> = fleet.homes(&day()).collect();
        assert_eq!(entries.len(), fleet.len());
        for entry in entries {
            assert!(entry.home.is_ok() || !entry.home.expect_err("it is not ok").is_empty());
        }
    }
}

const TABLES: [&str; 10] = [
    "homes",
    "tariffs",
    "prices",
    "outdoor",
    "series",
    "batteries",
    "evs",
    "ev_sessions",
    "heat_pumps",
    "appliances",
];

/// The sample's series and batteries in Parquet.
fn parquet_sample() -> Folder {
    let folder = Folder::sample();
    let apart = tempfile::TempDir::new().expect("a temporary folder");
    let mut writer = FleetWriter::create(apart.path(), Format::Parquet).expect("can be written");
    for home in ["a", "b"] {
        for t in 0..96 {
            let row = [
                ("home_id", Value::Text(Some(home))),
                ("start_utc", Value::Time(Some(start() + Duration::minutes(15 * t)))),
                ("load_kw", Value::Number(Some(0.5))),
            ];
            writer.write("series", &row).expect("can be written");
        }
    }
    writer.finish().expect("can be written");
    folder.remove("series");
    std::fs::copy(apart.path().join("series.parquet"), folder.file("series.parquet")).expect("can be copied");
    folder
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn damaged_csv_is_an_error_or_another_table(
        table in prop::sample::select(&TABLES[..]),
        damages in prop::collection::vec(damage(), 1..4),
    ) {
        let folder = Folder::sample();
        let mut bytes = folder.read(table).into_bytes();
        apply(&mut bytes, &damages);
        std::fs::write(folder.file(&format!("{table}.csv")), bytes).expect("can be written");
        read_all(folder.path());
    }

    #[test]
    fn random_bytes_are_no_table(
        bytes in prop::collection::vec(any::<u8>(), 0..400),
        name in prop::sample::select(&["series.csv", "series.parquet"][..]),
    ) {
        let folder = Folder::sample();
        folder.remove("series");
        std::fs::write(folder.file(name), bytes).expect("can be written");
        prop_assert!(folder.open().is_err());
    }

    #[test]
    fn cells_of_any_text_are_read_or_refused(cell in "\\PC{0,12}", column in 0..9_usize) {
        let folder = Folder::sample();
        let text = folder.read("heat_pumps");
        let (header, row) = text.trim_end().split_once('\n').expect("a header");
        let mut cells: Vec<String> = row.split(',').map(str::to_owned).collect();
        cells[column] = format!("\"{}\"", cell.replace('"', "\"\""));
        folder.write("heat_pumps", &format!("{header}\n{}\n", cells.join(",")));
        read_all(folder.path());
    }

    #[test]
    fn damaged_json_is_an_error_or_another_home(
        damages in prop::collection::vec(damage(), 1..4),
        only_bytes in prop::option::of(prop::collection::vec(any::<u8>(), 0..100)),
    ) {
        let folder = Folder::empty();
        let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/tables.md");
        let page = std::fs::read_to_string(page).expect("the page is part of the project");
        let example = page.split("```json\n").nth(1).and_then(|text| text.split("```").next());
        let mut bytes = only_bytes.unwrap_or_else(|| example.expect("an example").into());
        apply(&mut bytes, &damages);
        let path = folder.file("home.json");
        std::fs::write(&path, bytes).expect("can be written");
        let span = Span::Instants { from: start() + Duration::hours(18), to: start() + Duration::hours(20) };
        let window = PlanWindow { span, interval_minutes: 15 };
        if let Ok(entry) = read_home_json(&path, None, &window) {
            prop_assert!(entry.home.is_ok() || !entry.home.expect_err("it is not ok").is_empty());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn damaged_parquet_is_an_error_or_another_table(damages in prop::collection::vec(damage(), 1..4)) {
        let folder = parquet_sample();
        let mut bytes = std::fs::read(folder.file("series.parquet")).expect("is there");
        apply(&mut bytes, &damages);
        std::fs::write(folder.file("series.parquet"), bytes).expect("can be written");
        read_all(folder.path());
    }
}
