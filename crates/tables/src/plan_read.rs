//! Plans read back, home by home.

use std::collections::BTreeSet;
use std::path::Path;

use chrono::{DateTime, Utc};
use offpeak_domain::{Home, Horizon, Kilowatts, Schedule, Setpoints};

use crate::cells::{ANY, Row};
use crate::chunk::Chunk;
use crate::error::{At, TableError};
use crate::plan_parts::{PART_KINDS, Part, PartKind, blank_schedule};
use crate::plan_summary::Summary;
use crate::plan_write::SCHEDULES;
use crate::schema::Schema;
use crate::series::stamp;
use crate::source::Source;
use crate::summary_rows::{SUMMARY, read_row};

/// The schedules of a folder of plans, home by home; the first error ends them.
pub struct Schedules {
    source: Source,
    chunk: Option<(Chunk, usize)>,
    next: Option<WrittenSchedule>,
    seen: BTreeSet<String>,
    ended: bool,
}

/// The rows of one home, before it is known which home that is.
#[derive(Debug)]
pub struct WrittenSchedule {
    /// The home that the rows name.
    pub home_id: String,
    file: At,
    runs: Vec<Run>,
}

/// Rows of one device and part that follow each other.
#[derive(Debug)]
struct Run {
    device_id: String,
    kind: PartKind,
    rows: Vec<PlanRow>,
}

#[derive(Debug)]
struct PlanRow {
    at: At,
    start: DateTime<Utc>,
    power: Kilowatts,
    level_end: Option<f64>,
}

/// Opens the table `schedules` of a folder.
///
/// # Errors
/// [`TableError`] if it is not there or has other columns.
pub fn read_schedules(folder: &Path) -> Result<Schedules, TableError> {
    let source = open(folder, &SCHEDULES)?;
    Ok(Schedules { source, chunk: None, next: None, seen: BTreeSet::new(), ended: false })
}

/// Opens the table `summary` of a folder and reads it row by row.
///
/// # Errors
/// [`TableError`] if it is not there or has other columns; and for every row that cannot be used or repeats a home.
pub fn read_summary(
    folder: &Path,
) -> Result<impl Iterator<Item = Result<Summary, TableError>> + use<>, TableError> {
    let mut seen = BTreeSet::new();
    let mut read = move |row: Row<'_>| {
        let summary = read_row(&row)?;
        if seen.insert(summary.home_id.clone()) { Ok(summary) } else { Err(row.refuse("home_id", ONCE)) }
    };
    Ok(open(folder, &SUMMARY)?.flat_map(move |chunk| match chunk {
        Ok(chunk) => chunk.iter().map(&mut read).collect(),
        Err(error) => vec![Err(error)],
    }))
}

const ONCE: &str = "must be there once, with all its rows together";

fn open(folder: &Path, table: &Schema) -> Result<Source, TableError> {
    Source::find(folder, table)?.ok_or_else(|| {
        let found = format!("no table `{}`", table.name);
        At::file(folder)
            .error(found, "must be a folder with plans")
            .hint("plan first, with --out into this folder")
    })
}

impl Iterator for Schedules {
    type Item = Result<WrittenSchedule, TableError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let home = self.next_home();
        self.ended = home.is_err();
        home.transpose()
    }
}

impl Schedules {
    fn next_home(&mut self) -> Result<Option<WrittenSchedule>, TableError> {
        loop {
            let Some((chunk, from)) = &mut self.chunk else {
                let Some(chunk) = self.source.next().transpose()? else { return Ok(self.next.take()) };
                self.chunk = Some((chunk, 0));
                continue;
            };
            while *from < chunk.rows {
                let row = Row { chunk, index: *from };
                *from += 1;
                let finished = add_row(&row, &mut self.next, &mut self.seen)?;
                if finished.is_some() {
                    return Ok(finished);
                }
            }
            self.chunk = None;
        }
    }
}

/// Adds a row to the home under way; where it begins another, returns the one before.
fn add_row(
    row: &Row<'_>,
    under_way: &mut Option<WrittenSchedule>,
    seen: &mut BTreeSet<String>,
) -> Result<Option<WrittenSchedule>, TableError> {
    let home_id = row.text("home_id")?;
    if let Some(home) = under_way.as_mut().filter(|home| home.home_id == home_id) {
        home.push(row)?;
        return Ok(None);
    }
    if !seen.insert(home_id.clone().into_owned()) {
        return Err(row.refuse("home_id", ONCE));
    }
    let mut home =
        WrittenSchedule { home_id: home_id.into_owned(), file: row.at().whole(), runs: Vec::new() };
    home.push(row)?;
    Ok(under_way.replace(home))
}

impl WrittenSchedule {
    fn push(&mut self, row: &Row<'_>) -> Result<(), TableError> {
        let device_id = row.text("device_id")?;
        let kind = row.word("part", &PART_KINDS)?;
        let plan_row = PlanRow {
            at: row.at(),
            start: row.instant("start_utc")?,
            power: Kilowatts(row.number("power_kw", ANY)?),
            level_end: level_end(row, kind)?,
        };
        match self.runs.last_mut().filter(|run| run.kind == kind && run.device_id == device_id) {
            Some(run) => run.rows.push(plan_row),
            None => self.runs.push(Run { device_id: device_id.into_owned(), kind, rows: vec![plan_row] }),
        }
        Ok(())
    }

    /// The schedule as it was written: nothing in it is recomputed, only the levels at the first edge are the home's.
    ///
    /// # Errors
    /// [`TableError`] for a device that `home` does not have, a row at no interval of its horizon, a row that is there
    /// twice, and a part that lacks a row. Whether the schedule is possible is for the auditor to say.
    pub fn of_home(&self, home: &Home) -> Result<Schedule, TableError> {
        let parts = Part::all(home);
        let mut filled = vec![vec![false; home.horizon.len()]; parts.len()];
        let mut schedule = blank_schedule(home);
        for run in &self.runs {
            let index = run.find(&parts, home)?;
            for row in &run.rows {
                let t = row.interval(home)?;
                if std::mem::replace(&mut filled[index][t], true) {
                    let again =
                        format!("{} again, for {} of `{}`", stamp(row.start), run.kind.name(), run.device_id);
                    return Err(row.at.column("start_utc", again, "must be there once"));
                }
                parts[index].set_power(&mut schedule, t, row.power);
                if let Some(level) = row.level_end {
                    parts[index].set_level_end(&mut schedule, t, level);
                }
            }
        }
        for (part, filled) in parts.iter().zip(filled) {
            if part.is_usable(home) || filled.contains(&true) {
                self.check_complete(home, *part, &filled)?;
            }
        }
        Ok(schedule)
    }

    /// What was planned on the horizon `then`, for a home that may have changed since: what it no longer has is left out, what it did
    /// not have yet is idle.
    pub fn setpoints_then(&self, home: &Home, then: &Horizon) -> Setpoints {
        let parts = Part::all(home);
        let mut setpoints = Setpoints::idle_for(home, then.len());
        for run in &self.runs {
            let part =
                parts.iter().find(|part| part.kind == run.kind && part.device_id(home) == run.device_id);
            let Some(part) = part else { continue };
            for row in &run.rows {
                if let Some(t) = then.interval_at(row.start) {
                    part.set_setpoint(&mut setpoints, t, row.power);
                }
            }
        }
        setpoints
    }

    fn check_complete(&self, home: &Home, part: Part, filled: &[bool]) -> Result<(), TableError> {
        let Some(t) = filled.iter().position(|filled| !filled) else { return Ok(()) };
        let (device, start) = (part.device_id(home), stamp(home.horizon.start_of(t)));
        let found = format!("no row at {start} for {} of `{device}` in home `{}`", part.kind.name(), home.id);
        Err(self.file.error(found, "must have a row for every interval of the plan"))
    }
}

impl Run {
    /// Which of the home's parts this is.
    fn find(&self, parts: &[Part], home: &Home) -> Result<usize, TableError> {
        let found =
            parts.iter().position(|part| part.kind == self.kind && part.device_id(home) == self.device_id);
        found.ok_or_else(|| {
            let known = parts.iter().filter(|part| part.is_usable(home));
            let known: Vec<String> =
                known.map(|part| format!("{} of `{}`", part.kind.name(), part.device_id(home))).collect();
            let found = format!("{} of `{}`", self.kind.name(), self.device_id);
            let allowed = format!("must be what home `{}` has: {}", home.id, known.join(", "));
            self.rows[0].at.column("device_id", found, allowed)
        })
    }
}

impl PlanRow {
    fn interval(&self, home: &Home) -> Result<usize, TableError> {
        let horizon = &home.horizon;
        let t = horizon.interval_at(self.start).filter(|t| horizon.start_of(*t) == self.start);
        t.ok_or_else(|| {
            let (from, to) = (stamp(horizon.start()), stamp(horizon.end()));
            let allowed = format!("must be the start of an interval of the plan, from {from} to {to}");
            let error = self.at.column("start_utc", stamp(self.start), allowed);
            error.hint("audit with the same days and interval as the plan was made with")
        })
    }
}

/// Stored energy or temperature, in those rows that have one.
fn level_end(row: &Row<'_>, kind: PartKind) -> Result<Option<f64>, TableError> {
    if kind.has_level() {
        return row.number("level_end", ANY).map(Some);
    }
    if row.has("level_end") {
        return Err(row.refuse("level_end", format!("must be missing for the part {}", kind.name())));
    }
    Ok(None)
}
