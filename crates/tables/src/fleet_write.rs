//! Writes fleet tables row by row, in bounded memory.

mod row_groups;
mod value;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::mem::Discriminant;
use std::path::{Path, PathBuf};

use crate::error::{At, TableError};
use row_groups::RowGroups;
pub use value::Value;

/// Rows of a Parquet row group: what a writer holds, and what a reader must, at a time.
pub const ROWS_PER_GROUP: usize = 1 << 16;

/// How tables are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Text, comma separated, one header line.
    Csv,
    /// Columns in row groups of at most [`ROWS_PER_GROUP`] rows; instants as microseconds in UTC.
    Parquet,
}

/// Writes the tables of a fleet folder; a table begins with its first row.
pub struct FleetWriter {
    folder: PathBuf,
    format: Format,
    tables: BTreeMap<&'static str, TableWriter>,
}

pub(crate) struct TableWriter {
    at: At,
    /// Name and type of every column, as the first row had them.
    columns: Vec<(&'static str, Discriminant<Value<'static>>)>,
    sink: Sink,
    /// The file that the sink writes to.
    file: File,
}

enum Sink {
    Csv(BufWriter<File>),
    Parquet(Box<RowGroups>),
}

impl FleetWriter {
    /// Begins a fleet in `folder`, which is made if it is not there.
    ///
    /// # Errors
    /// [`TableError`] if the folder cannot be made, or holds tables already: a fleet must not be mixed with the rest of another.
    pub fn create(folder: &Path, format: Format) -> Result<Self, TableError> {
        let at = At::file(folder);
        let failed = |cause: std::io::Error| at.error(cause.to_string(), "must be a folder to write to");
        fs::create_dir_all(folder).map_err(failed)?;
        for entry in fs::read_dir(folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            if path.extension().is_some_and(|end| end == "csv" || end == "parquet") {
                let name = path.file_name().unwrap_or_default().display().to_string();
                return Err(at
                    .error(name, "must be a folder without tables")
                    .hint("choose a new folder, or remove the tables of the old fleet"));
            }
        }
        Ok(Self { folder: folder.to_owned(), format, tables: BTreeMap::new() })
    }

    /// Adds a row to a table, as pairs of column name and value.
    ///
    /// All rows of a table have the columns of the first, in the same order and of the same types.
    ///
    /// # Errors
    /// [`TableError`] if the row does not fit the table's first, holds a number that is not finite, or
    /// cannot be written.
    pub fn write(
        &mut self,
        table: &'static str,
        row: &[(&'static str, Value<'_>)],
    ) -> Result<(), TableError> {
        let writer = match self.tables.entry(table) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => entry.insert(TableWriter::create(&self.folder, table, self.format, row)?),
        };
        writer.write(row)
    }

    /// Completes all tables; without it a Parquet file has no end and cannot be read.
    ///
    /// # Errors
    /// [`TableError`] if what is left cannot be written.
    pub fn finish(self) -> Result<(), TableError> {
        self.tables.into_values().try_for_each(TableWriter::finish)
    }
}

impl TableWriter {
    pub(crate) fn create(
        folder: &Path,
        table: &str,
        format: Format,
        row: &[(&'static str, Value<'_>)],
    ) -> Result<Self, TableError> {
        let end = match format {
            Format::Csv => "csv",
            Format::Parquet => "parquet",
        };
        let path = folder.join(format!("{table}.{end}"));
        let at = At::file(&path);
        let file = File::create(&path).map_err(|cause| unwritable(&at, &cause))?;
        let mut buffer = BufWriter::new(file.try_clone().map_err(|cause| unwritable(&at, &cause))?);
        let columns = row.iter().map(|(name, cell)| (*name, cell.kind())).collect();
        let sink = match format {
            Format::Csv => {
                let names: Vec<&str> = row.iter().map(|(name, _)| *name).collect();
                writeln!(buffer, "{}", names.join(",")).map_err(|cause| unwritable(&at, &cause))?;
                Sink::Csv(buffer)
            }
            Format::Parquet => {
                Sink::Parquet(Box::new(RowGroups::new(buffer, row).map_err(|cause| unwritable(&at, &cause))?))
            }
        };
        Ok(Self { at, columns, sink, file })
    }

    pub(crate) fn write(&mut self, row: &[(&'static str, Value<'_>)]) -> Result<(), TableError> {
        self.check(row)?;
        match &mut self.sink {
            Sink::Csv(file) => write_line(file, row).map_err(|cause| unwritable(&self.at, &cause)),
            Sink::Parquet(groups) => groups.push(row).map_err(|cause| unwritable(&self.at, &cause)),
        }
    }

    fn check(&self, row: &[(&'static str, Value<'_>)]) -> Result<(), TableError> {
        if row.len() != self.columns.len() {
            let found = format!("a row of {} columns", row.len());
            return Err(self.at.error(found, format!("must have {} columns", self.columns.len())));
        }
        for ((name, cell), (column, kind)) in row.iter().zip(&self.columns) {
            if name != column || cell.kind() != *kind {
                let allowed = format!("must be column {column} and of its type, as in the first row");
                return Err(self.at.column(name, format!("{cell:?}"), allowed));
            }
            if let Value::Number(Some(number)) = cell
                && !number.is_finite()
            {
                return Err(self.at.column(name, number.to_string(), "must be a finite number"));
            }
        }
        Ok(())
    }

    /// Completes the table and waits until it is on the disk.
    pub(crate) fn finish(self) -> Result<(), TableError> {
        match self.sink {
            Sink::Csv(mut file) => file.flush().map_err(|cause| unwritable(&self.at, &cause)),
            Sink::Parquet(groups) => groups.finish().map_err(|cause| unwritable(&self.at, &cause)),
        }?;
        self.file.sync_all().map_err(|cause| unwritable(&self.at, &cause))
    }
}

fn unwritable(at: &At, cause: &dyn std::fmt::Display) -> TableError {
    at.error(cause.to_string(), "must be a file that can be written")
}

fn write_line(file: &mut impl Write, row: &[(&'static str, Value<'_>)]) -> std::io::Result<()> {
    for (index, (_, cell)) in row.iter().enumerate() {
        if index > 0 {
            file.write_all(b",")?;
        }
        match cell {
            Value::Text(Some(text)) if text.contains([',', '"', '\n', '\r']) => {
                write!(file, "\"{}\"", text.replace('"', "\"\""))?;
            }
            Value::Text(Some(text)) => file.write_all(text.as_bytes())?,
            Value::Number(Some(number)) => write!(file, "{number}")?,
            Value::Truth(Some(truth)) => write!(file, "{truth}")?,
            Value::Time(Some(instant)) => write!(file, "{}", instant.format("%Y-%m-%dT%H:%M:%SZ"))?,
            Value::Text(None) | Value::Number(None) | Value::Truth(None) | Value::Time(None) => {}
        }
    }
    file.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{TimeZone as _, Utc};

    fn written(format: Format) -> (tempfile::TempDir, Result<(), TableError>) {
        let folder = tempfile::tempdir().unwrap();
        let start = Utc.with_ymd_and_hms(2026, 1, 15, 0, 0, 0).unwrap();
        let mut writer = FleetWriter::create(folder.path(), format).unwrap();
        let result = (0..=ROWS_PER_GROUP).try_for_each(|row| {
            let load = if row == 1 { Value::Number(None) } else { 0.5.into() };
            writer.write(
                "series",
                &[("home_id", "a, \"b\"".into()), ("start_utc", start.into()), ("load_kw", load)],
            )
        });
        (folder, result.and_then(|()| writer.finish()))
    }

    #[test]
    fn csv_quotes_text_and_leaves_missing_cells_empty() {
        let (folder, result) = written(Format::Csv);
        result.unwrap();
        let text = fs::read_to_string(folder.path().join("series.csv")).unwrap();
        let lines: Vec<&str> = text.lines().take(3).collect();
        assert_eq!(lines[0], "home_id,start_utc,load_kw");
        assert_eq!(lines[1], "\"a, \"\"b\"\"\",2026-01-15T00:00:00Z,0.5");
        assert_eq!(lines[2], "\"a, \"\"b\"\"\",2026-01-15T00:00:00Z,");
        assert_eq!(text.lines().count(), ROWS_PER_GROUP + 2);
    }

    #[test]
    fn parquet_rows_come_back_from_bounded_row_groups() {
        use polars::prelude::{DataType, ParquetReader, SerReader, TimeUnit, TimeZone};
        let (folder, result) = written(Format::Parquet);
        result.unwrap();
        let file = File::open(folder.path().join("series.parquet")).unwrap();
        let mut reader = ParquetReader::new(file);
        assert_eq!(reader.get_metadata().unwrap().row_groups.len(), 2);
        let frame = reader.finish().unwrap();
        assert_eq!(frame.height(), ROWS_PER_GROUP + 1);
        assert_eq!(frame.column("load_kw").unwrap().null_count(), 1);
        let start = frame.column("start_utc").unwrap().dtype().clone();
        assert_eq!(start, DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC)));
    }

    #[test]
    fn a_row_unlike_the_first_and_a_number_without_value_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = FleetWriter::create(folder.path(), Format::Csv).unwrap();
        writer.write("batteries", &[("home_id", "a".into()), ("max_stored_kwh", 10.0.into())]).unwrap();
        for row in [
            vec![("home_id", "a".into())],
            vec![("home_id", "a".into()), ("min_stored_kwh", 1.0.into())],
            vec![("home_id", "a".into()), ("max_stored_kwh", "10".into())],
            vec![("home_id", "a".into()), ("max_stored_kwh", f64::NAN.into())],
        ] {
            assert!(writer.write("batteries", &row).is_err(), "{row:?}");
        }
    }

    #[test]
    fn a_folder_with_tables_is_refused() {
        let (folder, result) = written(Format::Csv);
        result.unwrap();
        let error = FleetWriter::create(folder.path(), Format::Parquet).map(|_| ()).unwrap_err();
        assert!(error.to_string().contains("series.csv"), "{error}");
    }
}
