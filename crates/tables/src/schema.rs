//! What columns a table has.

use std::collections::BTreeSet;

use crate::error::{At, TableError, did_you_mean};

/// The columns of a table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Schema {
    /// The name of its file, without extension, and of its list in JSON.
    pub(crate) name: &'static str,
    /// Columns that must be there.
    pub(crate) required: &'static [&'static str],
    /// Columns that may be there.
    pub(crate) optional: &'static [&'static str],
}

impl Schema {
    fn known(&self) -> impl Iterator<Item = &'static str> {
        self.required.iter().chain(self.optional).copied()
    }

    /// Fails for a column that is unknown, repeated or missing.
    pub(crate) fn check<'a>(
        &self,
        columns: impl Iterator<Item = &'a str>,
        at: &At,
    ) -> Result<(), TableError> {
        let mut seen = BTreeSet::new();
        for column in columns {
            if !self.known().any(|known| known == column) {
                return Err(self.unknown(column, at));
            }
            if !seen.insert(column.to_owned()) {
                return Err(at.column(column, "twice in the header", "must be there once"));
            }
        }
        match self.required.iter().find(|required| !seen.contains(**required)) {
            Some(missing) => {
                let required = self.required.join(", ");
                Err(at.missing(missing, format!("must be there; {} needs {required}", self.name)))
            }
            None => Ok(()),
        }
    }

    fn unknown(&self, column: &str, at: &At) -> TableError {
        let known: Vec<&str> = self.known().collect();
        let error = at.column(
            &column.chars().take(80).flat_map(char::escape_debug).collect::<String>(),
            "unknown column",
            format!("must be one of {}", known.join(", ")),
        );
        match did_you_mean(column, known) {
            Some(hint) => error.hint(hint),
            None => error,
        }
    }
}
