//! Rows of a Parquet file, gathered into row groups.

use std::fs::File;
use std::io::BufWriter;

use polars::io::parquet::write::BatchedWriter;
use polars::prelude::{
    DataFrame, DataType, Field, IntoColumn, NamedFrom, ParquetWriter, PolarsResult, Schema, Series, TimeUnit,
    TimeZone,
};

use super::{ROWS_PER_GROUP, Value};

/// The row group under way, and the file that holds those before it.
pub(super) struct RowGroups {
    writer: BatchedWriter<BufWriter<File>>,
    columns: Vec<(&'static str, Buffer)>,
    rows: usize,
}

/// A column of the row group under way.
enum Buffer {
    Text(Vec<Option<String>>),
    Number(Vec<Option<f64>>),
    Truth(Vec<Option<bool>>),
    Time(Vec<Option<i64>>),
}

impl RowGroups {
    /// Begins a file with the columns of its first row.
    pub(super) fn new(file: BufWriter<File>, row: &[(&'static str, Value<'_>)]) -> PolarsResult<Self> {
        let schema: Schema =
            row.iter().map(|(name, cell)| Field::new((*name).into(), data_type(cell))).collect();
        let writer = ParquetWriter::new(file).batched(&schema)?;
        let columns = row.iter().map(|(name, cell)| (*name, Buffer::of_type(cell))).collect();
        Ok(Self { writer, columns, rows: 0 })
    }

    /// Adds a row, whose names and types must be those of the first.
    pub(super) fn push(&mut self, row: &[(&'static str, Value<'_>)]) -> PolarsResult<()> {
        for ((_, values), (_, cell)) in self.columns.iter_mut().zip(row) {
            values.push(*cell);
        }
        self.rows += 1;
        if self.rows < ROWS_PER_GROUP { Ok(()) } else { self.flush() }
    }

    fn flush(&mut self) -> PolarsResult<()> {
        let columns = self.columns.iter_mut().map(|(name, values)| values.take(name).into_column()).collect();
        self.writer.write_batch(&DataFrame::new(self.rows, columns)?)?;
        self.rows = 0;
        Ok(())
    }

    /// Writes what is left and the end of the file.
    pub(super) fn finish(mut self) -> PolarsResult<()> {
        if self.rows > 0 {
            self.flush()?;
        }
        self.writer.finish().map(|_size| ())
    }
}

impl Buffer {
    fn of_type(cell: &Value<'_>) -> Self {
        match cell {
            Value::Text(_) => Self::Text(Vec::new()),
            Value::Number(_) => Self::Number(Vec::new()),
            Value::Truth(_) => Self::Truth(Vec::new()),
            Value::Time(_) => Self::Time(Vec::new()),
        }
    }

    fn push(&mut self, cell: Value<'_>) {
        match (self, cell) {
            (Self::Text(values), Value::Text(value)) => values.push(value.map(str::to_owned)),
            (Self::Number(values), Value::Number(value)) => values.push(value),
            (Self::Truth(values), Value::Truth(value)) => values.push(value),
            (Self::Time(values), Value::Time(value)) => {
                values.push(value.map(|instant| instant.timestamp_micros()));
            }
            _ => unreachable!("a row's types are checked before it is pushed"),
        }
    }

    fn take(&mut self, name: &str) -> Series {
        let name = name.into();
        match self {
            Self::Text(values) => Series::new(name, std::mem::take(values)),
            Self::Number(values) => Series::new(name, std::mem::take(values)),
            Self::Truth(values) => Series::new(name, std::mem::take(values)),
            Self::Time(values) => Series::new(name, std::mem::take(values))
                .into_datetime(TimeUnit::Microseconds, Some(TimeZone::UTC)),
        }
    }
}

fn data_type(cell: &Value<'_>) -> DataType {
    match cell {
        Value::Text(_) => DataType::String,
        Value::Number(_) => DataType::Float64,
        Value::Truth(_) => DataType::Boolean,
        Value::Time(_) => DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC)),
    }
}
