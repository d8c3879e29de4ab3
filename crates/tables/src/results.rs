//! Tables of results that name their own columns: written under other names first, read back by name.

use std::path::{Path, PathBuf};

use crate::cells::{ANY, Row};
use crate::chunk::Chunk;
use crate::durable::{make_folder, rename, sync_folder};
use crate::error::{At, TableError};
use crate::fleet_write::{Format, TableWriter, Value};
use crate::plan_write::{file_name, remove};
use crate::schema::Schema;
use crate::source::Source;

/// Writes tables row by row, in bounded memory.
///
/// Rows go to files under other names, which take the place of earlier tables only at [`ResultsWriter::finish`].
pub struct ResultsWriter {
    folder: PathBuf,
    format: Format,
    tables: Vec<(&'static str, TableWriter)>,
}

impl ResultsWriter {
    /// Begins tables in `folder`, each with its name and a row that shows the names and types of its columns.
    ///
    /// # Errors
    /// [`TableError`] if the folder or a file in it cannot be written.
    pub fn create(
        folder: &Path,
        format: Format,
        tables: &[(&'static str, Vec<(&'static str, Value<'_>)>)],
    ) -> Result<Self, TableError> {
        make_folder(folder)?;
        let begin = |(name, example): &(&'static str, Vec<_>)| {
            Ok((*name, TableWriter::create(folder, &unfinished(name), format, example)?))
        };
        Ok(Self {
            folder: folder.to_owned(),
            format,
            tables: tables.iter().map(begin).collect::<Result<_, _>>()?,
        })
    }

    /// Adds a row to a table that was begun.
    ///
    /// # Errors
    /// [`TableError`] if there is no such table, the row does not fit it, or it cannot be written.
    pub fn write(&mut self, table: &str, row: &[(&'static str, Value<'_>)]) -> Result<(), TableError> {
        match self.tables.iter_mut().find(|(name, _)| *name == table) {
            Some((_, writer)) => writer.write(row),
            None => Err(At::file(&self.folder).error(table, "must be a table that was begun")),
        }
    }

    /// Completes the tables and puts them in the place of earlier ones, in either format; removes tables named `stale`.
    ///
    /// # Errors
    /// [`TableError`] if what is left cannot be written, or a file cannot be renamed.
    pub fn finish(self, stale: &[&str]) -> Result<(), TableError> {
        let names: Vec<&str> = self.tables.iter().map(|(name, _)| *name).collect();
        for (_, writer) in self.tables {
            writer.finish()?;
        }
        for name in names.iter().chain(stale) {
            remove(&self.folder, name)?;
        }
        sync_folder(&self.folder)?;
        for name in &names {
            let from = self.folder.join(file_name(&unfinished(name), self.format));
            rename(&from, &self.folder.join(file_name(name, self.format)))?;
        }
        sync_folder(&self.folder)
    }
}

fn unfinished(name: &str) -> String {
    format!("{name}.unfinished")
}

/// Shows every row of a table in `folder` to `visit`.
///
/// # Errors
/// [`TableError`] if the table is not there or has other columns, and whatever `visit` finds wrong.
pub fn read_results(
    folder: &Path,
    name: &'static str,
    columns: &'static [&'static str],
    visit: &mut dyn FnMut(&ResultRow<'_>) -> Result<(), TableError>,
) -> Result<(), TableError> {
    let schema = Schema { name, required: columns, optional: &[] };
    let Some(source) = Source::find(folder, &schema)? else {
        return Err(At::file(&folder.join(name)).missing(".csv or .parquet", "must be there"));
    };
    for chunk in source {
        let chunk: Chunk = chunk?;
        for row in chunk.iter() {
            visit(&ResultRow { row })?;
        }
    }
    Ok(())
}

/// A row of a table of results.
pub struct ResultRow<'a> {
    row: Row<'a>,
}

impl ResultRow<'_> {
    /// A text, empty where it is missing.
    ///
    /// # Errors
    /// [`TableError`] for a cell that is no text.
    pub fn text(&self, column: &str) -> Result<String, TableError> {
        Ok(self.row.optional_text(column)?.unwrap_or_default().into_owned())
    }

    /// A finite number that must be there.
    ///
    /// # Errors
    /// [`TableError`] for a cell that is missing or no number.
    pub fn required_number(&self, column: &str) -> Result<f64, TableError> {
        self.row.number(column, ANY)
    }

    /// Whether it is true; false where it is missing.
    ///
    /// # Errors
    /// [`TableError`] for a cell that is no boolean.
    pub fn truth(&self, column: &str) -> Result<bool, TableError> {
        self.row.boolean_or(column, false)
    }

    /// A finite number that may be missing.
    ///
    /// # Errors
    /// [`TableError`] for a cell that is no number.
    pub fn number(&self, column: &str) -> Result<Option<f64>, TableError> {
        self.row.optional_number(column, ANY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [&str; 2] = ["home_id", "net_ct"];

    fn write(folder: &Path, format: Format, finish: bool) {
        let example = vec![("home_id", Value::Text(None)), ("net_ct", Value::Number(None))];
        let mut writer = ResultsWriter::create(folder, format, &[("days", example)]).unwrap();
        writer.write("days", &[("home_id", "a".into()), ("net_ct", 0.1.into())]).unwrap();
        writer.write("days", &[("home_id", "7".into()), ("net_ct", Value::Number(None))]).unwrap();
        assert!(writer.write("months", &[]).is_err());
        if finish {
            writer.finish(&["intervals"]).unwrap();
        }
    }

    fn read(folder: &Path) -> Result<Vec<(String, Option<f64>)>, TableError> {
        let mut rows = Vec::new();
        read_results(folder, "days", &COLUMNS, &mut |row| {
            rows.push((row.text("home_id")?, row.number("net_ct")?));
            Ok(())
        })?;
        Ok(rows)
    }

    #[test]
    fn rows_come_back_as_they_were_written_and_replace_earlier_ones_in_either_format() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("intervals.csv"), "old").unwrap();
        for format in [Format::Csv, Format::Parquet, Format::Csv] {
            write(folder.path(), format, true);
            assert_eq!(read(folder.path()).unwrap(), [("a".to_owned(), Some(0.1)), ("7".to_owned(), None)]);
            assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        }
    }

    #[test]
    fn without_an_end_there_is_no_table() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), Format::Csv, false);
        let error = read(folder.path()).unwrap_err().to_string();
        assert!(error.contains("days") && error.contains("must be there"), "{error}");
    }
}
