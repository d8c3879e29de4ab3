//! CSV in chunks of records, with the line each stands on.
//!
//! polars decodes the fields. The records are cut here, so that every row knows its line, memory stays
//! bounded, and a record with too few fields or stray quotes is an error rather than a guess.

use std::fs::File;
use std::io::{BufRead, BufReader, Cursor, Read};
use std::path::Path;
use std::sync::Arc;

use polars::prelude::{
    CsvParseOptions, CsvReadOptions, DataFrame, DataType, Field, SchemaRef, SerReader, StringChunked,
};

use crate::chunk::{Chunk, Column, Places};
use crate::decode::decode;
use crate::error::{At, Place, TableError};
use crate::schema::Schema;

/// Records of a chunk; keeps a chunk of a wide table at a few MB.
const CHUNK_ROWS: usize = 16_384;

/// A longer record is no table: an unclosed quote, or a file of another kind.
const LONGEST_RECORD: usize = 1 << 20;

/// The chunks of a CSV file.
pub(crate) struct CsvChunks {
    records: Records,
    columns: Vec<String>,
}

impl CsvChunks {
    /// Opens a file and checks its header.
    pub(crate) fn open(path: &Path, schema: &Schema) -> Result<Self, TableError> {
        let at = At::file(path);
        let file = File::open(path).map_err(|error| at.unreadable(&error))?;
        let mut records = Records { input: BufReader::new(file), file: Arc::clone(&at.file), line: 0 };
        let mut header = Vec::new();
        let Some((line, fields)) = records.append_next(&mut header)? else {
            return Err(at.error("empty", format!("must have a header: {}", schema.required.join(", "))));
        };
        let at = records.at(line);
        let names =
            decode_fields(&at, &header, &(0..fields).map(|field| field.to_string()).collect::<Vec<_>>())?;
        let columns: Vec<String> =
            names.iter().map(|(_, name)| name.get(0).unwrap_or_default().trim().to_owned()).collect();
        schema.check(columns.iter().map(String::as_str), &at)?;
        Ok(Self { records, columns })
    }

    /// The next rows; none at the end of the file.
    pub(crate) fn next_chunk(&mut self) -> Result<Option<Chunk>, TableError> {
        let mut bytes = Vec::new();
        let mut lines = Vec::new();
        while lines.len() < CHUNK_ROWS {
            let Some((line, fields)) = self.records.append_next(&mut bytes)? else { break };
            if fields != self.columns.len() {
                let allowed = format!("must have {} fields, as the header has", self.columns.len());
                return Err(self.records.at(line).error(format!("{fields} fields"), allowed));
            }
            lines.push(line);
        }
        let Some(first) = lines.first() else { return Ok(None) };
        let at = self.records.at(*first);
        let columns = decode_fields(&at, &bytes, &self.columns)?;
        let rows = lines.len();
        if columns.iter().any(|(_, values)| values.len() != rows) {
            return Err(at.error("rows that cannot be told apart", "must be a valid CSV file"));
        }
        let columns = columns.into_iter().map(|(name, values)| (name, Column::Text(values))).collect();
        let file = Arc::clone(&self.records.file);
        Ok(Some(Chunk { file, columns, places: Places::Lines(lines), rows }))
    }
}

/// Every field as text, because only the raw text can be shown in an error.
fn decode_fields(
    at: &At,
    bytes: &[u8],
    columns: &[String],
) -> Result<Vec<(String, StringChunked)>, TableError> {
    let schema: SchemaRef =
        Arc::new(columns.iter().map(|name| Field::new(name.as_str().into(), DataType::String)).collect());
    let options = CsvReadOptions::default()
        .with_has_header(false)
        .with_schema(Some(schema))
        .with_parse_options(CsvParseOptions::default())
        .with_rechunk(true);
    decode(at, "CSV", || {
        let frame: DataFrame = options.into_reader_with_file_handle(Cursor::new(bytes)).finish()?;
        columns.iter().map(|name| Ok((name.clone(), frame.column(name)?.str()?.clone()))).collect()
    })
}

/// The records of a file, one after the other.
struct Records {
    input: BufReader<File>,
    file: Arc<str>,
    line: u64,
}

impl Records {
    fn at(&self, line: u64) -> At {
        At { file: Arc::clone(&self.file), place: Place::Row(line) }
    }

    /// Appends the next record and a line feed; returns its first line and its number of fields.
    fn append_next(&mut self, bytes: &mut Vec<u8>) -> Result<Option<(u64, usize)>, TableError> {
        let start = bytes.len();
        let mut first = self.line + 1;
        loop {
            let read = self.append_line(bytes)?;
            if bytes.len() == start {
                if !read {
                    return Ok(None);
                }
                // An empty line is no row.
                first = self.line + 1;
                continue;
            }
            let record = &bytes[start..];
            match scan(record) {
                Scan::Fields(fields) => {
                    if std::str::from_utf8(record).is_err() {
                        let allowed = "must be text in UTF-8";
                        let error = self.at(first).error("bytes that are no text", allowed);
                        return Err(error.hint("save the file as UTF-8"));
                    }
                    bytes.push(b'\n');
                    return Ok(Some((first, fields)));
                }
                Scan::OpenQuote if read && record.len() < LONGEST_RECORD => bytes.push(b'\n'),
                Scan::OpenQuote => {
                    return Err(self.at(first).error("a quote that is never closed", QUOTES));
                }
                Scan::StrayQuote => return Err(self.at(first).error("a quote within a field", QUOTES)),
            }
        }
    }

    /// Appends a line without its end; false at the end of the file.
    fn append_line(&mut self, bytes: &mut Vec<u8>) -> Result<bool, TableError> {
        let start = bytes.len();
        let at = self.at(self.line + 1);
        let mut limited = self.input.by_ref().take(LONGEST_RECORD as u64);
        let read = limited.read_until(b'\n', bytes).map_err(|error| at.unreadable(&error))?;
        if read == LONGEST_RECORD {
            return Err(at.error("a line of more than a megabyte", "must be a table in CSV"));
        }
        if read == 0 {
            return Ok(false);
        }
        self.line += 1;
        if bytes.last() == Some(&b'\n') {
            bytes.pop();
            if bytes.len() > start && bytes.last() == Some(&b'\r') {
                bytes.pop();
            }
        }
        if self.line == 1 && bytes[start..].starts_with(b"\xef\xbb\xbf") {
            bytes.drain(start..start + 3);
        }
        Ok(true)
    }
}

const QUOTES: &str = "must have quotes only around whole fields, and doubled within them";

enum Scan {
    Fields(usize),
    OpenQuote,
    StrayQuote,
}

/// Counts the fields of a record.
fn scan(record: &[u8]) -> Scan {
    let mut fields = 1;
    let mut rest = record;
    loop {
        let length = match rest {
            [b'"', quoted @ ..] => match quoted_length(quoted) {
                Some(length) => length + 1,
                None => return Scan::OpenQuote,
            },
            _ => rest.iter().position(|byte| *byte == b',').unwrap_or(rest.len()),
        };
        let (field, after) = rest.split_at(length);
        if !rest.starts_with(b"\"") && field.contains(&b'"') {
            return Scan::StrayQuote;
        }
        match after {
            [] => return Scan::Fields(fields),
            [b',', next @ ..] => rest = next,
            _ => return Scan::StrayQuote,
        }
        fields += 1;
    }
}

/// The length up to and with the closing quote.
fn quoted_length(quoted: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += quoted.get(at..)?.iter().position(|byte| *byte == b'"')? + 1;
        if quoted.get(at) != Some(&b'"') {
            return Some(at);
        }
        at += 1;
    }
}
