//! Tables that take the place of earlier ones when all of them are whole and on the disk.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use offpeak_tables::{FleetWriter, Format, Value};

use crate::error::IngestError;

/// A row as pairs of column and value.
pub(crate) type Row<'a> = [(&'static str, Value<'a>)];

/// Tables on their way into a folder.
pub(crate) struct NextTables {
    folder: PathBuf,
    next: PathBuf,
    writer: FleetWriter,
    tables: Vec<&'static str>,
}

impl NextTables {
    /// Begins tables beside those of `folder`, which is made if it is not there.
    pub(crate) fn begin(folder: &Path) -> Result<Self, IngestError> {
        let next = folder.join(".next");
        // What an interrupted run left there is worth nothing.
        match fs::remove_dir_all(&next) {
            Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
                return Err(IngestError::file(&next)(cause));
            }
            _ => {}
        }
        let writer = FleetWriter::create(&next, Format::Parquet)?;
        Ok(Self { folder: folder.to_owned(), next, writer, tables: Vec::new() })
    }

    /// Adds a row to a table.
    pub(crate) fn write(&mut self, table: &'static str, row: &Row<'_>) -> Result<(), IngestError> {
        if !self.tables.contains(&table) {
            self.tables.push(table);
        }
        Ok(self.writer.write(table, row)?)
    }

    /// Puts the tables in the place of earlier ones; of `all`, those without a row are removed.
    pub(crate) fn finish(self, all: &[&'static str]) -> Result<(), IngestError> {
        self.writer.finish()?;
        for table in all {
            let name = format!("{table}.parquet");
            let (from, to) = (self.next.join(&name), self.folder.join(&name));
            let done = if self.tables.contains(table) { fs::rename(&from, &to) } else { remove(&to) };
            done.map_err(IngestError::file(&to))?;
        }
        fs::remove_dir(&self.next).map_err(IngestError::file(&self.next))?;
        sync_folder(&self.folder)
    }
}

fn remove(path: &Path) -> std::io::Result<()> {
    match fs::remove_file(path) {
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Waits until the names in a folder are on the disk; only Unix knows how.
fn sync_folder(folder: &Path) -> Result<(), IngestError> {
    if !cfg!(unix) {
        return Ok(());
    }
    File::open(folder).and_then(|open| open.sync_all()).map_err(IngestError::file(folder))
}
