//! Damaged plans, as `audit` and `show` may find them: no bytes end the program.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use offpeak_audit::audit_plan;
use offpeak_domain::Home;
use offpeak_tables::{Format, Outcome, Summary, read_schedules, read_summary};
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::damage::{any_cell, apply, damages, with_cell};
use crate::full_home::home;
use crate::written;

/// The two tables in both formats, by file name.
static FILES: LazyLock<Vec<(&str, Vec<u8>)>> = LazyLock::new(|| {
    let formats = [
        (Format::Csv, ["schedules.csv", "summary.csv"]),
        (Format::Parquet, ["schedules.parquet", "summary.parquet"]),
    ];
    let read = |(format, names): (Format, [&'static str; 2])| {
        let folder = written(format);
        names.map(|name| (name, fs::read(folder.path().join(name)).unwrap()))
    };
    formats.into_iter().flat_map(read).collect()
});

static HOMES: LazyLock<[Home; 2]> = LazyLock::new(|| ["a", "b"].map(home));

/// Audits a folder of these bytes under `name` and the other table whole.
fn audit_with(name: &str, bytes: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    let other = if name.starts_with("summary") { "schedules.csv" } else { "summary.csv" };
    fs::write(folder.path().join(other), bytes_of(other)).unwrap();
    fs::write(folder.path().join(name), bytes).unwrap();
    audit_all(folder.path());
}

/// Does with plans what `audit` does, for both homes whatever the tables call them.
fn audit_all(folder: &Path) {
    let summary: Vec<Summary> = read_summary(folder).into_iter().flatten().flatten().collect();
    for written in read_schedules(folder).into_iter().flatten().flatten() {
        for home in &*HOMES {
            let Ok(schedule) = written.of_home(home) else { continue };
            for row in &summary {
                if let Outcome::Planned(planned) = &row.outcome {
                    audit_plan(home, &planned.plan(&home.id, schedule.clone()));
                }
            }
        }
    }
}

fn bytes_of(name: &str) -> Vec<u8> {
    FILES.iter().find(|(known, _)| *known == name).unwrap().1.clone()
}

const NAMES: [&str; 4] = ["schedules.csv", "summary.csv", "schedules.parquet", "summary.parquet"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn damaged_plans_are_an_error_or_other_plans(name in select(&NAMES[..]), damages in damages()) {
        let mut bytes = bytes_of(name);
        apply(&mut bytes, &damages);
        audit_with(name, &bytes);
    }

    #[test]
    fn random_bytes_are_no_plan(
        name in select(&NAMES[..]),
        bytes in prop::collection::vec(any::<u8>(), 0..400),
    ) {
        audit_with(name, &bytes);
    }

    #[test]
    fn cells_of_any_text_are_audited_or_refused(
        name in select(&NAMES[..2]),
        places in any::<[Index; 2]>(),
        cell in any_cell(),
    ) {
        let text = String::from_utf8(bytes_of(name)).unwrap();
        audit_with(name, with_cell(&text, places, &cell).as_bytes());
    }
}
