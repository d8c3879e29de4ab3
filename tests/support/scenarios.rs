//! Scenarios: homes in files, each made to show one rule, with what it costs at least.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use offpeak_domain::{Cents, Home};
use offpeak_tables::{PlanWindow, read_home_json};

/// A home of `tests/scenarios` on its day, in quarter-hours.
pub struct Scenario {
    /// Name of its file without the end: a number and what it shows.
    pub name: String,
    /// The home.
    pub home: Home,
    /// Its least objective.
    pub objective: Cents,
    /// By how much a plan may be off: the gap of a closed home at least.
    pub tolerance: Cents,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")
}

fn expected() -> String {
    std::fs::read_to_string(folder().join("expected.csv")).expect("the table is part of the project")
}

/// Names of the files of homes, in order.
///
/// # Panics
/// If the folder cannot be read.
pub fn scenario_files() -> Vec<String> {
    let entries = std::fs::read_dir(folder()).expect("the scenarios are part of the project");
    let paths = entries.map(|entry| entry.expect("a readable entry").path());
    let homes = paths.filter(|path| path.extension().is_some_and(|end| end == "json"));
    let mut names: Vec<String> =
        homes.filter_map(|path| path.file_stem()?.to_str().map(str::to_owned)).collect();
    names.sort();
    names
}

/// All scenarios in the order of `expected.csv`.
///
/// # Panics
/// If the table or a home in it cannot be read.
pub fn scenarios() -> Vec<Scenario> {
    expected().lines().skip(1).map(scenario).collect()
}

/// The scenario with this number.
///
/// # Panics
/// If there is none, or it cannot be read.
pub fn scenario_number(number: usize) -> Scenario {
    let start = format!("{number:03}-");
    let table = expected();
    let row = table.lines().find(|row| row.starts_with(&start));
    scenario(row.unwrap_or_else(|| panic!("expected.csv has no scenario {start}")))
}

/// `name,day,objective_ct,tolerance_ct,how it is known`
fn scenario(row: &str) -> Scenario {
    let cells: Vec<&str> = row.splitn(5, ',').collect();
    let [name, day, objective, tolerance, _] = cells[..] else { panic!("expected.csv: {row}") };
    let refuse = |cell: &str| -> ! { panic!("expected.csv, {name}: {cell}") };
    let number = |cell: &str| Cents(cell.parse().unwrap_or_else(|_| refuse(cell)));
    let day: NaiveDate = day.parse().unwrap_or_else(|_| refuse(day));
    Scenario {
        name: name.to_owned(),
        home: home(name, day),
        objective: number(objective),
        tolerance: number(tolerance),
    }
}

fn home(name: &str, day: NaiveDate) -> Home {
    let path = folder().join(format!("{name}.json"));
    let entry = read_home_json(&path, None, &PlanWindow::local_day(day));
    let entry = entry.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(entry.notes, [""; 0], "{name}: something in the file does not count");
    entry.home.unwrap_or_else(|errors| panic!("{name}: {}", errors[0]))
}
