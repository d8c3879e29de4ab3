//! Parquet in slices of rows.

use std::fs::File;
use std::path::Path;

use polars::prelude::{
    ChunkApply, Column as Series, DataType, FileMetadataRef, ParquetReader, PolarsResult, SerReader, TimeUnit,
};

use crate::chunk::{Chunk, Column, Places};
use crate::decode::decode;
use crate::error::{At, Place, TableError};
use crate::parquet_pages::check_row_group;
use crate::schema::Schema;

/// Rows of a slice; a slice never spans two row groups, so that no group is decoded for a few rows.
const CHUNK_ROWS: usize = 131_072;

/// The slices of a Parquet file.
pub(crate) struct ParquetChunks {
    at: At,
    file: File,
    metadata: FileMetadataRef,
    group: usize,
    row_in_group: usize,
    row: usize,
}

impl ParquetChunks {
    /// Opens a file and checks its columns.
    pub(crate) fn open(path: &Path, schema: &Schema) -> Result<Self, TableError> {
        let at = At::file(path);
        let file = File::open(path).map_err(|error| at.unreadable(&error))?;
        let copy = file.try_clone().map_err(|error| at.unreadable(&error))?;
        let (metadata, columns) = decode(&at, "Parquet", || {
            let mut reader = ParquetReader::new(copy);
            let metadata = reader.get_metadata()?.clone();
            let columns: Vec<String> = reader.schema()?.iter_names().map(ToString::to_string).collect();
            Ok((metadata, columns))
        })?;
        schema.check(columns.iter().map(String::as_str), &at)?;
        Ok(Self { at, file, metadata, group: 0, row_in_group: 0, row: 0 })
    }

    /// The next rows; none at the end of the file.
    pub(crate) fn next_chunk(&mut self) -> Result<Option<Chunk>, TableError> {
        let rows = loop {
            let Some(group) = self.metadata.row_groups.get(self.group) else { return Ok(None) };
            let left = group.num_rows().saturating_sub(self.row_in_group);
            if left > 0 {
                break left.min(CHUNK_ROWS);
            }
            self.group += 1;
            self.row_in_group = 0;
        };
        let mut copy = self.file.try_clone().map_err(|error| self.at.unreadable(&error))?;
        let first = self.row as u64 + 1;
        let at = At { place: Place::Row(first), ..self.at.clone() };
        let columns = decode(&at, "Parquet", || {
            if self.row_in_group == 0 {
                check_row_group(&mut copy, &self.metadata.row_groups[self.group])?;
            }
            let mut reader = ParquetReader::new(copy).with_slice(Some((self.row, rows))).set_rechunk(true);
            reader.set_metadata(self.metadata.clone());
            let frame = reader.finish()?;
            frame.columns().iter().map(|column| Ok((column.name().to_string(), typed(column)?))).collect()
        })?;
        let columns: Vec<(String, Result<Column, DataType>)> = columns;
        let columns = columns
            .into_iter()
            .map(|(name, column)| match column {
                Ok(column) => Ok((name, column)),
                Err(found) => Err(self.at.column(&name, format!("type {found}"), TYPES)),
            })
            .collect::<Result<Vec<_>, _>>()?;
        if columns.iter().any(|(_, column)| column.len() != rows) {
            return Err(at.error("fewer rows than its metadata says", "must be a valid Parquet file"));
        }
        self.row += rows;
        self.row_in_group += rows;
        Ok(Some(Chunk { file: self.at.file.clone(), columns, places: Places::From(first), rows }))
    }
}

const TYPES: &str = "must be a column of text, numbers, booleans or time stamps";

/// The column as one of the types a cell can have; the type found where it is another.
fn typed(column: &Series) -> PolarsResult<Result<Column, DataType>> {
    let found = column.dtype();
    Ok(Ok(match found {
        DataType::String => Column::Text(column.str()?.clone()),
        DataType::Boolean => Column::Boolean(column.bool()?.clone()),
        DataType::Datetime(unit, _) => {
            let ticks = column.datetime()?.physical().clone();
            Column::Instant(match unit {
                TimeUnit::Nanoseconds => ticks.apply(|ticks| ticks.map(|ticks| ticks.div_euclid(1000))),
                TimeUnit::Microseconds => ticks,
                TimeUnit::Milliseconds => {
                    ticks.apply(|ticks| ticks.and_then(|ticks| ticks.checked_mul(1000)))
                }
            })
        }
        // A column that is missing throughout has no type of its own.
        DataType::Null => Column::Text(column.cast(&DataType::String)?.str()?.clone()),
        number if number.is_primitive_numeric() => {
            Column::Number(column.cast(&DataType::Float64)?.f64()?.clone())
        }
        other => return Ok(Err(other.clone())),
    }))
}
