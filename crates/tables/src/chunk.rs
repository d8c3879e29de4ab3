//! Some rows of a table in memory, column by column, whatever file they came from.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use polars::prelude::{BooleanChunked, Float64Chunked, Int64Chunked, StringChunked};
use serde_json::Value;

use crate::cells::Row;
use crate::error::{At, Place};

/// Some rows of a table; an absent optional column simply is not there.
#[derive(Debug)]
pub(crate) struct Chunk {
    pub(crate) file: Arc<str>,
    pub(crate) columns: Vec<(String, Column)>,
    pub(crate) places: Places,
    pub(crate) rows: usize,
}

/// The values of a column as its file types them.
#[derive(Debug)]
pub(crate) enum Column {
    Text(StringChunked),
    Number(Float64Chunked),
    Boolean(BooleanChunked),
    /// Microseconds since 1970 in UTC.
    Instant(Int64Chunked),
    Json(Vec<Value>),
}

/// Where the rows of a chunk stand in their file.
#[derive(Debug)]
pub(crate) enum Places {
    /// The line on which each row begins.
    Lines(Vec<u64>),
    /// Consecutive rows from this one, counted from 1.
    From(u64),
    /// The list of this name.
    List(&'static str),
    /// The one object of this name.
    Object(&'static str),
}

/// One value, as its file types it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell<'a> {
    Missing,
    Text(&'a str),
    Number(f64),
    Boolean(bool),
    Instant(DateTime<Utc>),
    /// A JSON list or object, where a plain value belongs.
    Nested(&'a Value),
}

impl Chunk {
    /// Every row.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.rows).map(|index| Row { chunk: self, index })
    }

    /// Whether the table has this column.
    pub(crate) fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|(name, _)| name == column)
    }

    /// The columns that row `index` has a value in.
    pub(crate) fn given(&self, index: usize) -> impl Iterator<Item = &str> {
        let given = self.columns.iter().filter(move |(_, values)| values.cell(index) != Cell::Missing);
        given.map(|(name, _)| name.as_str())
    }

    /// Where row `index` stands.
    pub(crate) fn at(&self, index: usize) -> At {
        let place = match &self.places {
            Places::Lines(lines) => Place::Row(lines[index]),
            Places::From(first) => Place::Row(first + index as u64),
            Places::List(name) => Place::Element(name, index),
            Places::Object(name) => Place::Object(name),
        };
        At { file: Arc::clone(&self.file), place }
    }

    /// The value of `column` in row `index`; missing if the table has no such column.
    pub(crate) fn cell(&self, column: &str, index: usize) -> Cell<'_> {
        match self.columns.iter().find(|(name, _)| name == column) {
            Some((_, values)) => values.cell(index),
            None => Cell::Missing,
        }
    }
}

impl Column {
    /// How many values it has.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Text(values) => values.len(),
            Self::Number(values) => values.len(),
            Self::Boolean(values) => values.len(),
            Self::Instant(values) => values.len(),
            Self::Json(values) => values.len(),
        }
    }

    fn cell(&self, index: usize) -> Cell<'_> {
        let cell = match self {
            Self::Text(values) => values.get(index).map(str::trim).map(Cell::Text),
            Self::Number(values) => values.get(index).map(Cell::Number),
            Self::Boolean(values) => values.get(index).map(Cell::Boolean),
            Self::Instant(values) => {
                values.get(index).and_then(DateTime::from_timestamp_micros).map(Cell::Instant)
            }
            Self::Json(values) => values.get(index).and_then(json_cell),
        };
        cell.filter(|cell| *cell != Cell::Text("")).unwrap_or(Cell::Missing)
    }
}

fn json_cell(value: &Value) -> Option<Cell<'_>> {
    match value {
        Value::Null => None,
        Value::Bool(value) => Some(Cell::Boolean(*value)),
        Value::Number(value) => value.as_f64().map(Cell::Number),
        Value::String(value) => Some(Cell::Text(value.trim())),
        Value::Array(_) | Value::Object(_) => Some(Cell::Nested(value)),
    }
}
