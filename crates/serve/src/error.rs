//! What keeps the service from starting.

use std::net::SocketAddr;

use offpeak_consent::{ConfigError, StoreError};
use thiserror::Error;

/// A configuration, a secret, a database or an address that cannot be used. Never shows a secret.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SetupError {
    /// The configuration file cannot be read.
    #[error("{file}: {cause}; must be a file in TOML (hint: start from data/offpeak.example.toml)")]
    File {
        /// The file.
        file: String,
        /// What the operating system says.
        cause: String,
    },
    /// The file is no TOML, or says something that is not asked for.
    #[error("{file}, line {line}{}: {problem}", key.as_ref().map(|key| format!(", {key}")).unwrap_or_default())]
    Syntax {
        /// The file.
        file: String,
        /// The line, counted from 1.
        line: usize,
        /// The key on that line.
        key: Option<String>,
        /// What was found and what is allowed.
        problem: String,
    },
    /// A value that is not allowed.
    #[error("{file}, {key}: {value}; {allowed}")]
    Setting {
        /// The file.
        file: String,
        /// The table and key.
        key: String,
        /// What was found; never a secret.
        value: String,
        /// What is allowed, as a clause.
        allowed: String,
    },
    /// A secret that cannot be had.
    #[error("{key}: {place}: {problem}")]
    Secret {
        /// The table and key that name it.
        key: String,
        /// The file or environment variable that should hold it.
        place: String,
        /// What is wrong and what to do.
        problem: String,
    },
    /// Provider, keys or ids as the crate of consents judges them.
    #[error("{file}: {cause}")]
    Consent {
        /// The file.
        file: String,
        /// What is wrong.
        cause: ConfigError,
    },
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The address cannot be listened on.
    #[error("serve.listen: {address}: {cause}; must be a free address of this machine")]
    Listen {
        /// Which.
        address: SocketAddr,
        /// What the operating system says.
        cause: String,
    },
    /// No randomness.
    #[error("operating system: no randomness: {0}")]
    Random(String),
}
