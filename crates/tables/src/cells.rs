//! Typed, checked access to the cells of a row.

use std::borrow::Cow;
use std::fmt;
use std::ops::RangeInclusive;

use chrono::{DateTime, Datelike, Utc};
use chrono_tz::Tz;
use offpeak_domain::{YEARS, local_instant};

use crate::chunk::{Cell, Chunk};
use crate::error::{At, TableError, did_you_mean};
use crate::stamp::{Stamp, parse_minute_of_day, parse_stamp};

/// Any finite number.
pub(crate) const ANY: RangeInclusive<f64> = f64::NEG_INFINITY..=f64::INFINITY;

/// Any finite number of at least 0.
pub(crate) const NOT_NEGATIVE: RangeInclusive<f64> = 0.0..=f64::INFINITY;

/// One row of a table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row<'a> {
    pub(crate) chunk: &'a Chunk,
    pub(crate) index: usize,
}

impl<'a> Row<'a> {
    /// Where it stands, for errors found later.
    pub(crate) fn at(&self) -> At {
        self.chunk.at(self.index)
    }

    /// Whether `column` has a value in this row.
    pub(crate) fn has(&self, column: &str) -> bool {
        self.cell(column) != Cell::Missing
    }

    fn cell(&self, column: &str) -> Cell<'a> {
        self.chunk.cell(column, self.index)
    }

    /// An error about the value of `column` in this row.
    pub(crate) fn refuse(&self, column: &str, allowed: impl Into<Box<str>>) -> TableError {
        match self.cell(column) {
            Cell::Missing => self.at().missing(column, allowed),
            cell => self.at().column(column, cell.to_string(), allowed),
        }
    }

    /// A text that must be there, such as an id.
    pub(crate) fn text(&self, column: &str) -> Result<Cow<'a, str>, TableError> {
        self.optional_text(column)?.ok_or_else(|| self.refuse(column, "must be given"))
    }

    /// A text that may be missing.
    pub(crate) fn optional_text(&self, column: &str) -> Result<Option<Cow<'a, str>>, TableError> {
        match self.cell(column) {
            Cell::Missing => Ok(None),
            Cell::Text(text) => Ok(Some(Cow::Borrowed(text))),
            // Ids of digits are numbers to Parquet and JSON.
            Cell::Number(number) => Ok(Some(Cow::Owned(number.to_string()))),
            _ => Err(self.refuse(column, "must be a text")),
        }
    }

    /// A finite number in `range` that must be there.
    pub(crate) fn number(&self, column: &str, range: RangeInclusive<f64>) -> Result<f64, TableError> {
        let found = self.optional_number(column, range.clone())?;
        found.ok_or_else(|| self.refuse(column, format!("must be given: {}", number_in(&range))))
    }

    /// A finite number in `range`, or `default` where it is missing.
    pub(crate) fn number_or(
        &self,
        column: &str,
        default: f64,
        range: RangeInclusive<f64>,
    ) -> Result<f64, TableError> {
        Ok(self.optional_number(column, range)?.unwrap_or(default))
    }

    /// A finite number in `range` that may be missing.
    pub(crate) fn optional_number(
        &self,
        column: &str,
        range: RangeInclusive<f64>,
    ) -> Result<Option<f64>, TableError> {
        let number = match self.cell(column) {
            Cell::Missing => return Ok(None),
            Cell::Number(number) => Some(number),
            Cell::Text(text) => text.parse().ok(),
            _ => None,
        };
        match number {
            Some(number) if number.is_finite() && range.contains(&number) => Ok(Some(number)),
            _ => {
                let error = self.refuse(column, format!("must be {}", number_in(&range)));
                Err(self.hint_for_number(column, error))
            }
        }
    }

    fn hint_for_number(&self, column: &str, error: TableError) -> TableError {
        let Cell::Text(text) = self.cell(column) else { return error };
        if text.replacen(',', ".", 1).parse::<f64>().is_ok() && text.contains(',') {
            return error.hint("write a point, not a comma, before the decimals");
        }
        let number_then_unit = text.split_once(' ').is_some_and(|(number, _)| number.parse::<f64>().is_ok());
        if number_then_unit { error.hint("the unit stands in the column's name") } else { error }
    }

    /// A whole number of at least 0, or `default`.
    pub(crate) fn count_or(&self, column: &str, default: u32) -> Result<u32, TableError> {
        Ok(self.optional_count(column)?.unwrap_or(default))
    }

    /// A whole number of at least 0 that may be missing.
    pub(crate) fn optional_count(&self, column: &str) -> Result<Option<u32>, TableError> {
        let Some(number) = self.optional_number(column, 0.0..=1e6)? else { return Ok(None) };
        if number.fract() != 0.0 {
            return Err(self.refuse(column, "must be a whole number"));
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a whole number up to 1e6"
        )]
        let count = number as u32;
        Ok(Some(count))
    }

    /// `true` or `false`, or `default`.
    pub(crate) fn boolean_or(&self, column: &str, default: bool) -> Result<bool, TableError> {
        match self.cell(column) {
            Cell::Missing => Ok(default),
            Cell::Boolean(value) => Ok(value),
            Cell::Text("true" | "True" | "TRUE") => Ok(true),
            Cell::Text("false" | "False" | "FALSE") => Ok(false),
            _ => Err(self.refuse(column, "must be true or false")),
        }
    }

    /// One of some words, or `default`.
    pub(crate) fn word_or<T: Copy>(
        &self,
        column: &str,
        default: T,
        words: &[(&str, T)],
    ) -> Result<T, TableError> {
        Ok(self.optional_word(column, words)?.unwrap_or(default))
    }

    /// One of some words that must be there.
    pub(crate) fn word<T: Copy>(&self, column: &str, words: &[(&str, T)]) -> Result<T, TableError> {
        let allowed = || format!("must be given: {}", any_of(words));
        self.optional_word(column, words)?.ok_or_else(|| self.refuse(column, allowed()))
    }

    fn optional_word<T: Copy>(&self, column: &str, words: &[(&str, T)]) -> Result<Option<T>, TableError> {
        let Some(text) = self.optional_text(column)? else { return Ok(None) };
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == text) {
            return Ok(Some(*value));
        }
        let error = self.refuse(column, format!("must be {}", any_of(words)));
        Err(match did_you_mean(&text, words.iter().map(|(word, _)| *word)) {
            Some(hint) => error.hint(hint),
            None => error,
        })
    }

    /// An instant with its zone or offset.
    pub(crate) fn instant(&self, column: &str) -> Result<DateTime<Utc>, TableError> {
        match self.stamp(column)? {
            Stamp::Instant(instant) => Ok(instant),
            Stamp::Local(_) => Err(self
                .refuse(column, "must be a time stamp with a zone, such as 2026-01-15T17:00Z")
                .hint("add Z for UTC, or an offset such as +01:00")),
        }
    }

    /// An instant; one without a zone is what the wall clock in `zone` shows.
    pub(crate) fn instant_in(&self, column: &str, zone: Tz) -> Result<DateTime<Utc>, TableError> {
        Ok(match self.stamp(column)? {
            Stamp::Instant(instant) => instant,
            Stamp::Local(local) => local_instant(local, zone),
        })
    }

    fn stamp(&self, column: &str) -> Result<Stamp, TableError> {
        let stamp = match self.cell(column) {
            Cell::Instant(instant) => Some(Stamp::Instant(instant)),
            Cell::Text(text) => parse_stamp(text),
            _ => None,
        };
        let year = |stamp: &Stamp| match stamp {
            Stamp::Instant(instant) => instant.year(),
            Stamp::Local(local) => local.year(),
        };
        // A stamp in another year is a slip, such as seconds read as milliseconds.
        stamp
            .filter(|stamp| YEARS.contains(&year(stamp)))
            .ok_or_else(|| self.refuse(column, "must be a time stamp such as 2026-01-15T17:00Z"))
    }

    /// Minutes after local midnight that must be there, up to 24:00.
    pub(crate) fn minute_of_day(&self, column: &str) -> Result<u32, TableError> {
        let minute = match self.cell(column) {
            Cell::Text(text) => parse_minute_of_day(text),
            _ => None,
        };
        minute.ok_or_else(|| self.refuse(column, "must be a local time of day from 00:00 to 24:00"))
    }

    /// Minutes after local midnight, or `default`.
    pub(crate) fn minute_of_day_or(&self, column: &str, default: u32) -> Result<u32, TableError> {
        if self.has(column) { self.minute_of_day(column) } else { Ok(default) }
    }
}

impl fmt::Display for Cell<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => Ok(()),
            Self::Text(text) => write!(out, "{}", shortened(text)),
            Self::Number(number) => number.fmt(out),
            Self::Boolean(value) => value.fmt(out),
            Self::Instant(instant) => write!(out, "{}", instant.format("%Y-%m-%dT%H:%M:%SZ")),
            Self::Nested(value) => write!(out, "{}", shortened(&value.to_string())),
        }
    }
}

/// The text on one line and no longer than a message can bear.
fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(80).flat_map(char::escape_debug).collect();
    if text.chars().nth(80).is_some() {
        short.push('…');
    }
    short
}

fn number_in(range: &RangeInclusive<f64>) -> String {
    let (lowest, highest) = (range.start(), range.end());
    match (lowest.is_finite(), highest.is_finite()) {
        (true, true) => format!("a number from {lowest} to {highest}"),
        (true, false) => format!("a number of at least {lowest}"),
        (false, true) => format!("a number of at most {highest}"),
        (false, false) => "a finite number".to_owned(),
    }
}

fn any_of<T>(words: &[(&str, T)]) -> String {
    let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    match words.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}
