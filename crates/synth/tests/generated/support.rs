//! Options, and tables read back as text.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use chrono::{DateTime, NaiveDate};
use chrono_tz::{Europe::Berlin, Tz};
use offpeak_synth::{Mix, SynthOptions, generate};
use offpeak_tables::Format;

/// `homes` homes on the day `date`.
pub(crate) fn options(homes: usize, date: &str, mix: Mix) -> SynthOptions {
    SynthOptions {
        homes,
        seed: 42,
        date: day(date),
        days: 1,
        interval_minutes: 15,
        mix,
        tariff_per_home: false,
    }
}

/// A date written as `2026-01-15`.
pub(crate) fn day(date: &str) -> NaiveDate {
    date.parse().expect("a date")
}

/// The CSV files of a fleet by name.
pub(crate) fn csv_files(options: &SynthOptions) -> BTreeMap<String, String> {
    let folder = tempfile::tempdir().expect("a folder");
    generate(options, folder.path(), Format::Csv).expect("a fleet");
    fs::read_dir(folder.path())
        .expect("the folder")
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").display().to_string();
            (name, fs::read_to_string(&path).expect("text"))
        })
        .collect()
}

/// The rows of a CSV text without quotes, each as column name to value.
pub(crate) fn rows(text: &str) -> impl Iterator<Item = BTreeMap<&str, &str>> {
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    lines.map(move |line| names.iter().copied().zip(line.split(',')).collect())
}

/// A number of a row.
pub(crate) fn number(row: &BTreeMap<&str, &str>, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column} of {row:?}"))
}

/// An instant of a row as local time.
pub(crate) fn local(row: &BTreeMap<&str, &str>, column: &str) -> DateTime<Tz> {
    let text = row[column];
    let with_seconds = if text.len() == 17 { text.replace('Z', ":00Z") } else { text.to_owned() };
    DateTime::parse_from_rfc3339(&with_seconds).expect("an instant").with_timezone(&Berlin)
}

/// The mean of some values, of which there must be one.
pub(crate) fn mean(values: impl IntoIterator<Item = f64>) -> f64 {
    let values: Vec<f64> = values.into_iter().collect();
    assert!(!values.is_empty(), "no values");
    values.iter().sum::<f64>() / values.len() as f64
}

/// The value below which `share` of all values lie.
pub(crate) fn quantile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index")]
    let index = ((values.len() - 1) as f64 * share).round() as usize;
    values[index]
}

/// A file of real data, or none where it is not at hand.
#[expect(clippy::print_stdout, reason = "a skipped test says so")]
pub(crate) fn real_data(name: &str) -> Option<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(name);
    let text = fs::read_to_string(&path).ok();
    if text.is_none() {
        println!("skipped: {name} is not at hand");
    }
    text
}
