//! Plans written home by home, as the tables `schedules` and `summary`.

use std::fs;
use std::path::{Path, PathBuf};

use offpeak_domain::{GapTolerance, Home, Schedule};

use crate::durable::{make_folder, rename, sync_folder, unwritable};
use crate::error::TableError;
use crate::fleet_write::{Format, TableWriter, Value};
use crate::plan_parts::{Part, PartKind};
use crate::plan_summary::{PlannedHome, PlannedSummary};
use crate::schema::Schema;
use crate::summary_rows::{SUMMARY, failed_row, planned_row};

/// One row per home, device, part and interval.
pub(crate) const SCHEDULES: Schema = Schema {
    name: "schedules",
    required: &["home_id", "device_id", "part", "start_utc", "power_kw", "level_end"],
    optional: &[],
};

/// Writes the plans of a fleet in bounded memory.
///
/// Rows go to files under other names, which take the place of earlier plans in the folder only at
/// [`PlanWriter::finish`]: an interrupted run leaves those as they are. What was finished outlasts a loss of power.
pub struct PlanWriter {
    folder: PathBuf,
    format: Format,
    tolerance: GapTolerance,
    schedules: TableWriter,
    summary: TableWriter,
}

impl PlanWriter {
    /// Begins plans in `folder`, which is made if it is not there; `tolerance` says which gaps count as closed.
    ///
    /// # Errors
    /// [`TableError`] if the folder or a file in it cannot be written.
    pub fn create(folder: &Path, format: Format, tolerance: GapTolerance) -> Result<Self, TableError> {
        make_folder(folder)?;
        let begin = |table: &Schema, example: &[(&'static str, Value<'_>)]| {
            TableWriter::create(folder, &unfinished(table), format, example)
        };
        let example = schedule_row("", "", PartKind::Grid, Value::Time(None), None, None);
        let schedules = begin(&SCHEDULES, &example)?;
        let summary = begin(&SUMMARY, &failed_row("", None))?;
        Ok(Self { folder: folder.to_owned(), format, tolerance, schedules, summary })
    }

    /// Adds a planned home.
    ///
    /// # Errors
    /// [`TableError`] if the rows cannot be written.
    pub fn write(&mut self, planned: &PlannedHome<'_>) -> Result<(), TableError> {
        let (home, schedule) = (planned.home, &planned.plan.costed.schedule);
        for part in Part::all(home) {
            // What the home cannot use is nothing and goes without saying; but if it is something, it must be seen.
            let used = || (0..home.horizon.len()).any(|t| part.power(schedule, t).0 != 0.0);
            if part.is_usable(home) || used() {
                self.write_part(home, schedule, part)?;
            }
        }
        self.summary.write(&planned_row(&home.id, &PlannedSummary::of(planned, self.tolerance)))
    }

    /// Adds a home that could not be planned.
    ///
    /// # Errors
    /// [`TableError`] if the row cannot be written.
    pub fn write_failure(&mut self, home_id: &str, reason: &str) -> Result<(), TableError> {
        self.summary.write(&failed_row(home_id, Some(reason)))
    }

    fn write_part(&mut self, home: &Home, schedule: &Schedule, part: Part) -> Result<(), TableError> {
        for t in 0..home.horizon.len() {
            self.schedules.write(&schedule_row(
                &home.id,
                part.device_id(home),
                part.kind,
                home.horizon.start_of(t).into(),
                Some(part.power(schedule, t).0),
                part.level_end(schedule, t),
            ))?;
        }
        Ok(())
    }

    /// Completes the tables and puts them in the place of earlier ones, in either format.
    ///
    /// # Errors
    /// [`TableError`] if what is left cannot be written, or a file cannot be renamed.
    pub fn finish(self) -> Result<(), TableError> {
        self.schedules.finish()?;
        self.summary.finish()?;
        // The summary goes first and comes last, so that it is never there beside another run's schedules.
        for table in [&SUMMARY, &SCHEDULES] {
            remove(&self.folder, table.name)?;
        }
        // A disk may order renames and removals as it likes; between two syncs it may not.
        sync_folder(&self.folder)?;
        for table in [&SCHEDULES, &SUMMARY] {
            let from = self.folder.join(file_name(&unfinished(table), self.format));
            rename(&from, &self.folder.join(file_name(table.name, self.format)))?;
        }
        sync_folder(&self.folder)
    }
}

fn schedule_row<'a>(
    home_id: &'a str,
    device_id: &'a str,
    kind: PartKind,
    start: Value<'a>,
    power_kw: Option<f64>,
    level_end: Option<f64>,
) -> [(&'static str, Value<'a>); 6] {
    [
        ("home_id", home_id.into()),
        ("device_id", device_id.into()),
        ("part", kind.name().into()),
        ("start_utc", start),
        ("power_kw", Value::Number(power_kw)),
        ("level_end", Value::Number(level_end)),
    ]
}

/// The name of a table while it is written.
fn unfinished(table: &Schema) -> String {
    format!("{}.unfinished", table.name)
}

pub(crate) fn file_name(table: &str, format: Format) -> String {
    match format {
        Format::Csv => format!("{table}.csv"),
        Format::Parquet => format!("{table}.parquet"),
    }
}

/// Removes an earlier table in either format.
pub(crate) fn remove(folder: &Path, table: &str) -> Result<(), TableError> {
    for format in [Format::Csv, Format::Parquet] {
        let path = folder.join(file_name(table, format));
        if path.exists() {
            fs::remove_file(&path).map_err(|cause| unwritable(&path, &cause))?;
        }
    }
    Ok(())
}
