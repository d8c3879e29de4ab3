//! The examples of the page on tables are valid.

use chrono::{Duration, TimeZone, Utc};
use offpeak_tables::{PlanWindow, Span, read_home_json};

use crate::folder::{Folder, stamp, start};

fn page() -> String {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/tables.md");
    std::fs::read_to_string(page).expect("the page is part of the project")
}

/// The blocks whose fence begins with `fence`: what follows it on its line, and the text.
fn blocks<'a>(page: &'a str, fence: &str) -> Vec<(&'a str, &'a str)> {
    let after = page.split(fence).skip(1);
    let block = after.filter_map(|text| text.split("```").next()?.split_once('\n'));
    block.collect()
}

/// The header and the first row of each home, at every quarter-hour of the day.
fn whole_day(text: &str) -> String {
    let first = stamp(start());
    let (header, rows) = text.split_once('\n').expect("a header");
    let at = |row: &str, t: i64| row.replace(&first, &stamp(start() + Duration::minutes(15 * t))) + "\n";
    let rows: String = rows.lines().flat_map(|row| (0..96).map(move |t| at(row, t))).collect();
    format!("{header}\n{rows}")
}

#[test]
fn the_small_fleet_can_be_planned() {
    let page = page();
    let folder = Folder::empty();
    let blocks = blocks(&page, "```csv ");
    assert_eq!(blocks.len(), 10);
    for (file, text) in blocks {
        let table = file.strip_suffix(".csv").expect("a file name");
        let text = match table {
            "outdoor" | "prices" => whole_day(text),
            "series" => {
                let day = whole_day(text);
                let second: String =
                    day.lines().skip(1).map(|row| row.replace("weg-3", "weg-5") + "\n").collect();
                day + &second
            }
            _ => text.to_owned(),
        };
        folder.write(table, &text);
    }
    let entries = folder.entries();
    let notes: Vec<&String> = entries.iter().flat_map(|entry| &entry.notes).collect();
    assert!(notes.is_empty(), "{notes:?}");
    let homes: Vec<_> = entries.into_iter().map(|entry| entry.home.expect("valid")).collect();
    assert_eq!(homes[0].heat_pumps.len(), 1);
    assert_eq!(homes[1].evs[0].sessions.len(), 2);
    // 84.2 EUR/MWh are 8.42 ct/kWh; markup, levies and grid fee come on top, and VAT on all of it.
    let price = (8.42 + 1.8 + 5.65 + 9.2) * 1.19;
    assert!((homes[0].grid.import_price[0].0 - price).abs() < 1e-9);
}

#[test]
fn the_home_in_json_can_be_planned() {
    let page = page();
    let folder = Folder::empty();
    let (_, text) = blocks(&page, "```json")[0];
    let path = folder.file("home.json");
    std::fs::write(&path, text).expect("can be written");
    let from = Utc.with_ymd_and_hms(2026, 1, 15, 17, 0, 0).single().expect("one");
    let span = Span::Instants { from, to: from + Duration::hours(2) };
    let entry = read_home_json(&path, None, &PlanWindow { span, interval_minutes: 15 }).expect("can be read");
    let home = entry.home.expect("valid");
    assert_eq!(home.batteries.len(), 1);
    assert!((home.grid.import_price[7].0 - 29.4).abs() < 1e-12);
    assert!((home.grid.export_price[0].0 - 7.8).abs() < 1e-12);
}
