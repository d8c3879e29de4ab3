//! What stops a run as a whole; what concerns one customer never does.

use std::io;
use std::path::{Path, PathBuf};

use offpeak_tables::TableError;
use thiserror::Error;

/// Why a run cannot go on.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum IngestError {
    /// A file of the state or of the tables.
    #[error("{path}: {cause}; must be a place that can be read and written")]
    File {
        /// Which one.
        path: PathBuf,
        /// What the operating system says.
        cause: io::Error,
    },
    /// Another run works on the same state.
    #[error(
        "{path}: in use by another run; only one may work on it (hint: wait for it, or give another folder)"
    )]
    InUse {
        /// What is in use.
        path: PathBuf,
    },
    /// A line of the state that says nothing.
    #[error(
        "{path} line {line}: not written by this version (hint: remove the file; what it holds is then done again)"
    )]
    State {
        /// In which file.
        path: PathBuf,
        /// The line, counted from 1.
        line: u64,
    },
    /// A table cannot be written.
    #[error("{0}")]
    Table(#[from] TableError),
    /// The list of customers cannot be read.
    #[error("list of customers: {0}")]
    Customers(String),
    /// A setting that cannot be used.
    #[error("{name}: {found}; {allowed}")]
    Setting {
        /// Which one.
        name: &'static str,
        /// Its value.
        found: String,
        /// What is allowed.
        allowed: &'static str,
    },
}

impl IngestError {
    pub(crate) fn file(path: &Path) -> impl FnOnce(io::Error) -> Self + use<'_> {
        move |cause| Self::File { path: path.to_owned(), cause }
    }
}
