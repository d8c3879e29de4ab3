//! What can go wrong: in the configuration, in the store, with a token.
//!
//! No error holds a token, a code, a secret or a body of an answer, so each may be printed in full.

use chrono::{DateTime, Utc};
use thiserror::Error;

use crate::{CustomerId, Reason};

/// A setting that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ConfigError {
    /// An id with characters that are not allowed.
    #[error("{what}: {value}; must be 1 to 128 of A-Z a-z 0-9 . _ - and start with a letter or digit")]
    Id {
        /// Which id.
        what: &'static str,
        /// What was given, with control characters escaped.
        value: String,
    },
    /// A URL of a provider that cannot be trusted with secrets.
    #[error("{what}: {value}; {allowed} (hint: copy it from the provider's documentation)")]
    Url {
        /// Which URL.
        what: &'static str,
        /// What was given, without its user and password.
        value: String,
        /// What is allowed.
        allowed: &'static str,
    },
    /// A setting that must not be empty.
    #[error("{what}: must not be empty or hold control characters")]
    Empty {
        /// Which setting.
        what: &'static str,
    },
    /// A key that is none. Never says what was found.
    #[error(
        "key {id}: must be 32 bytes as 64 hex digits or as base64 (hint: make one with `openssl rand -hex 32`)"
    )]
    Key {
        /// The key's id.
        id: String,
    },
    /// No key at all, or one id twice.
    #[error("key ring: {problem}; must name at least one key, each id once")]
    Ring {
        /// What is wrong.
        problem: String,
    },
    /// Times of refreshing that would let two processes use one token.
    #[error("timing: {problem} (hint: the defaults keep a lease of 60 s around a request of 15 s)")]
    Timing {
        /// What is wrong.
        problem: &'static str,
    },
    /// The TLS or HTTP client cannot be built.
    #[error("http client: {0}")]
    Http(String),
}

/// The store cannot do what it was asked to.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StoreError {
    /// The database refuses or cannot be reached.
    #[error("database, {what}: {cause}")]
    Database {
        /// What was tried.
        what: &'static str,
        /// What the driver says; it never sees an unsealed secret.
        cause: String,
    },
    /// A sealed value that does not open.
    #[error(
        "{column} of {customer}: does not open with key {key}; was sealed for this row by a key of the ring \
         (hint: name the old key beside the new one; a row copied from elsewhere never opens)"
    )]
    Unsealed {
        /// Which column.
        column: &'static str,
        /// Whose row.
        customer: String,
        /// The id of the key it names.
        key: String,
    },
    /// A row that does not say what it must.
    #[error(
        "row of {customer}, column {column}: {value}; not written by this version (hint: was the database changed by hand?)"
    )]
    Row {
        /// Whose row.
        customer: String,
        /// Which column.
        column: &'static str,
        /// What was found.
        value: String,
    },
    /// A file that cannot be opened as a database.
    #[error("{path}: {cause}; must be a file that can be read and written by its owner alone")]
    File {
        /// The path.
        path: String,
        /// What the operating system says.
        cause: String,
    },
    /// The clock of this host and the database's differ.
    #[error(
        "clock: differs from the database's by {off_ms} ms; must be within {most_ms} ms, since leases depend on it (hint: run a time service on both)"
    )]
    Clock {
        /// By how much.
        off_ms: i64,
        /// How much is allowed.
        most_ms: u128,
    },
    /// No randomness.
    #[error("operating system: no randomness: {0}")]
    Random(String),
}

/// There is no token to hand out.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TokenError {
    /// Nobody of this id was ever connected.
    #[error("customer {0}: not connected (hint: start a consent)")]
    Unknown(CustomerId),
    /// Connected once, disconnected here.
    #[error("customer {0}: disconnected (hint: start a consent to connect again)")]
    Disconnected(CustomerId),
    /// Only a fresh consent helps.
    #[error("customer {customer}: needs a fresh consent: {reason}")]
    NeedsConsent {
        /// Whose.
        customer: CustomerId,
        /// Why.
        reason: Reason,
    },
    /// A refresh was sent and its answer lost; the next attempt decides.
    #[error("customer {customer}: the answer to a refresh was lost ({cause}); tried again from {again_at}")]
    InDoubt {
        /// Whose.
        customer: CustomerId,
        /// What happened on the wire.
        cause: String,
        /// Not before.
        again_at: DateTime<Utc>,
    },
    /// Another process refreshes this customer and takes too long.
    #[error("customer {0}: another process holds the lease of its refresh (hint: try again in a minute)")]
    Busy(CustomerId),
    /// Nothing was sent: the provider cannot be reached.
    #[error("provider: cannot be reached: {0}")]
    Unreachable(String),
    /// 429.
    #[error("provider: too many requests; again after {retry_after_s:?} s")]
    RateLimited {
        /// What the provider asks for, capped at an hour; none if it says nothing.
        retry_after_s: Option<u64>,
    },
    /// The provider refuses us, not a customer.
    #[error(
        "provider: refuses our own client: status {status}, code {code}, request {request_id:?} (hint: check client id and secret)"
    )]
    ClientRefused {
        /// The HTTP status.
        status: u16,
        /// The provider's code.
        code: String,
        /// The provider's request id.
        request_id: Option<String>,
    },
    /// A 401 that may mean the customer or our own secret: nobody is marked until another answer tells.
    #[error(
        "customer {0}: refused, and so may be our own client secret; nobody is marked (hint: check the client secret; if it is right, the customer must consent again)"
    )]
    Unconfirmed(CustomerId),
    /// Too many customers were refused in a row: refreshes stop, nobody is marked.
    #[error(
        "refreshes halted until {until}: {refused} customers were refused in a row (hint: check client id and secret)"
    )]
    Halted {
        /// How many.
        refused: usize,
        /// Refreshes are tried again from then.
        until: DateTime<Utc>,
    },
    /// Any other refusal.
    #[error("provider: refuses the request: status {status}, code {code}, request {request_id:?}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The provider's code.
        code: String,
        /// The provider's request id.
        request_id: Option<String>,
    },
    /// A token that was refreshed a moment ago is refused again: a further refresh would not help.
    #[error(
        "customer {0}: a token refreshed less than a minute ago is refused (hint: the scope may not cover the request)"
    )]
    StillRejected(CustomerId),
    /// A token answer arrived for a row that had moved on; it is kept sealed.
    #[error("customer {0}: a token answer came too late for its row; it is kept sealed as an orphan")]
    Orphaned(CustomerId),
    /// The process is shutting down, or the task that refreshed has died.
    #[error("refresh: {0}")]
    Stopped(&'static str),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<getrandom::Error> for StoreError {
    fn from(cause: getrandom::Error) -> Self {
        Self::Random(cause.to_string())
    }
}

impl From<getrandom::Error> for TokenError {
    fn from(cause: getrandom::Error) -> Self {
        Self::Store(cause.into())
    }
}
