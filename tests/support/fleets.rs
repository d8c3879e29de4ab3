//! Made-up fleets, read back through tables.

use chrono::NaiveDate;
use offpeak_domain::Home;
use offpeak_synth::{Mix, SynthOptions, generate};
use offpeak_tables::{Fleet, Format, PlanWindow};

/// The first `homes` homes of a mix on one local day, in quarter-hours.
///
/// # Panics
/// If the temporary folder cannot be written, or a generated home is impossible.
pub fn fleet(mix: Mix, homes: usize, date: NaiveDate) -> Vec<Home> {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let options =
        SynthOptions { homes, seed: 2026, date, days: 1, interval_minutes: 15, mix, tariff_per_home: false };
    generate(&options, folder.path(), Format::Csv).expect("an empty folder can be written to");
    let fleet = Fleet::open(folder.path(), None).expect("a generated fleet can be read");
    let window = PlanWindow::local_day(date);
    fleet.homes(&window).map(|entry| entry.home.expect("generated homes are valid")).collect()
}
