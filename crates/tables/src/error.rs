//! The one error of this crate: a table that does not say what it must.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use thiserror::Error;

/// Something in a file that cannot be used: where it stands, what was found, what is allowed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub struct TableError {
    /// The file as it was named by the caller, or the table's name within a folder that has no such file.
    pub file: Arc<str>,
    /// Where in the file.
    pub row: Place,
    /// The column, unless the whole row or file is meant.
    pub column: Option<Box<str>>,
    /// What was found there; none if nothing was.
    pub value: Option<Box<str>>,
    /// What is allowed, as a clause: `must be at least 0`.
    pub allowed: Box<str>,
    /// What to do about it, where that is not plain.
    pub hint: Option<Box<str>>,
}

/// A place in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The file as a whole.
    Whole,
    /// CSV: a line as an editor counts it, the header being 1. Parquet: a row, counted from 1.
    Row(u64),
    /// JSON: an object in the list of this name, counted from 0.
    Element(&'static str, usize),
    /// JSON: the object of this name.
    Object(&'static str),
}

/// A place in a named file: what an error about it needs to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct At {
    pub(crate) file: Arc<str>,
    pub(crate) place: Place,
}

impl At {
    /// The file as a whole.
    pub(crate) fn file(path: &Path) -> Self {
        Self { file: path.display().to_string().into(), place: Place::Whole }
    }

    /// The same file as a whole.
    pub(crate) fn whole(&self) -> Self {
        Self { file: Arc::clone(&self.file), place: Place::Whole }
    }

    /// An error about the row or file as a whole.
    pub(crate) fn error(&self, value: impl Into<Box<str>>, allowed: impl Into<Box<str>>) -> TableError {
        TableError {
            file: Arc::clone(&self.file),
            row: self.place,
            column: None,
            value: Some(value.into()),
            allowed: allowed.into(),
            hint: None,
        }
    }

    /// An error about a value in a column.
    pub(crate) fn column(
        &self,
        column: &str,
        value: impl Into<Box<str>>,
        allowed: impl Into<Box<str>>,
    ) -> TableError {
        TableError { column: Some(column.into()), ..self.error(value, allowed) }
    }

    /// An error about a value that is not there.
    pub(crate) fn missing(&self, column: &str, allowed: impl Into<Box<str>>) -> TableError {
        TableError { column: Some(column.into()), value: None, ..self.error("", allowed) }
    }

    /// An error of the operating system about the file.
    pub(crate) fn unreadable(&self, cause: &std::io::Error) -> TableError {
        self.error(cause.to_string(), "must be a file that can be read")
    }
}

impl TableError {
    /// The same error with a hint.
    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<Box<str>>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same error, about the series of this id in a file of many.
    #[must_use]
    pub(crate) fn about(mut self, column: &str, id: &str) -> Self {
        let found = self.value.unwrap_or_default();
        self.column = Some(column.into());
        self.value = Some(format!("{id}: {found}").into());
        self
    }
}

impl fmt::Display for TableError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}{}", self.file, self.row)?;
        if let Some(column) = &self.column {
            write!(out, ", column {column}")?;
        }
        match &self.value {
            Some(value) => write!(out, ": {value}; {}", self.allowed)?,
            None => write!(out, ": {}", self.allowed)?,
        }
        match &self.hint {
            Some(hint) => write!(out, " (hint: {hint})"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => Ok(()),
            Self::Row(row) => write!(out, " row {row}"),
            Self::Element(list, index) => write!(out, " {list}[{index}]"),
            Self::Object(name) => write!(out, " {name}"),
        }
    }
}

/// The closest of `known` to a misspelt `word`, as a hint.
pub(crate) fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let word = word.to_lowercase();
    known
        .into_iter()
        .map(|candidate| (strsim::normalized_damerau_levenshtein(&word, candidate), candidate))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .filter(|(likeness, _)| *likeness >= 0.6)
        .map(|(_, candidate)| format!("did you mean {candidate}?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_reads_as_one_line_with_place_value_and_what_is_allowed() {
        let at = At { file: "fleet/batteries.csv".into(), place: Place::Row(3) };
        let error = at.column("charge_efficiency", "1.2", "must be a number from 0.01 to 1");
        assert_eq!(
            error.to_string(),
            "fleet/batteries.csv row 3, column charge_efficiency: 1.2; must be a number from 0.01 to 1"
        );
        let at = At { file: "home.json".into(), place: Place::Element("batteries", 2) };
        let error = at.missing("max_charge_kw", "must be given").hint("write 0 for none");
        assert_eq!(
            error.to_string(),
            "home.json batteries[2], column max_charge_kw: must be given (hint: write 0 for none)"
        );
    }

    #[test]
    fn a_misspelt_word_finds_its_neighbour_and_a_strange_one_finds_none() {
        let known = ["home_id", "battery_id", "max_stored_kwh"];
        assert_eq!(did_you_mean("max_stored_kw", known).as_deref(), Some("did you mean max_stored_kwh?"));
        assert_eq!(did_you_mean("colour", known), None);
    }
}
