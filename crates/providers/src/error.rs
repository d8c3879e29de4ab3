//! What can go wrong between a request and a series.

use std::fmt;
use std::time::Duration;

use thiserror::Error;

use crate::normalise::SeriesError;

/// The provider's id of a request, for its support; none where an answer has none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RequestId(pub Option<Box<str>>);

/// The provider's word for what is wrong; messages are for people and never looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ErrorCode {
    /// `BAD_REQUEST`
    BadRequest,
    /// `UNAUTHORIZED`
    Unauthorized,
    /// `PAYMENT_REQUIRED`
    PaymentRequired,
    /// `FORBIDDEN`
    Forbidden,
    /// `NOT_FOUND`
    NotFound,
    /// `METHOD_NOT_ALLOWED`
    MethodNotAllowed,
    /// `CONFLICT`
    Conflict,
    /// `UNPROCESSABLE_ENTITY`
    UnprocessableEntity,
    /// `TOO_MANY_REQUESTS`
    TooManyRequests,
    /// `INTERNAL_SERVER_ERROR`
    InternalServerError,
    /// Another word, or none.
    Other(Box<str>),
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ProviderError {
    /// The token is not accepted: refresh it once and ask again.
    #[error(
        "the provider does not accept the access token{request_id} (hint: refresh it once and ask again)"
    )]
    Unauthorized {
        /// The provider's id of the request.
        request_id: RequestId,
    },
    /// Refused for good; the same request would be refused again.
    #[error("the provider refuses the request: {code} (status {status}){request_id}")]
    Refused {
        /// Its word for it.
        code: ErrorCode,
        /// The status of the answer.
        status: u16,
        /// The provider's id of the request.
        request_id: RequestId,
    },
    /// Too many requests, also after all attempts.
    #[error(
        "the provider asks for fewer requests, {attempts} times{request_id} (hint: lower the budget of requests)"
    )]
    RateLimited {
        /// How often it was asked.
        attempts: u32,
        /// For how long it wants to be left alone, if it says so.
        retry_after: Option<Duration>,
        /// The provider's id of the last request.
        request_id: RequestId,
    },
    /// The provider fails, also after all attempts.
    #[error("the provider fails with status {status}, {attempts} times{request_id} (hint: try again later)")]
    Unavailable {
        /// The status of the last answer.
        status: u16,
        /// How often it was asked.
        attempts: u32,
        /// The provider's id of the last request.
        request_id: RequestId,
    },
    /// No whole answer came: no connection, a reset, an answer cut short, or too slow.
    #[error("no answer from {host}: {cause} (hint: check the connection, or raise the timeout)")]
    Transport {
        /// Whom it was asked of.
        host: Box<str>,
        /// What the connection says.
        cause: Box<str>,
    },
    /// The provider points elsewhere, which is never followed.
    #[error("the provider redirects with status {status}, which is not followed (hint: check the base url)")]
    Redirected {
        /// The status of the answer.
        status: u16,
    },
    /// An answer larger than allowed, after decompression.
    #[error("an answer of more than {limit} bytes; the setting `body_limit` allows no more")]
    TooLarge {
        /// The most bytes allowed.
        limit: usize,
    },
    /// An answer that is not what the provider's documentation says.
    #[error("{what} in the answer: {found}; {allowed}{request_id}")]
    Unexpected {
        /// Which part of the answer.
        what: &'static str,
        /// What stands there.
        found: Box<str>,
        /// What is allowed, as a clause.
        allowed: Box<str>,
        /// The provider's id of the request.
        request_id: RequestId,
    },
    /// A list whose pages lead in a circle or never end.
    #[error("the list {list} does not end after {pages} pages: its cursor repeats or goes on for too long")]
    EndlessList {
        /// Which list.
        list: Box<str>,
        /// After how many pages it was left.
        pages: usize,
    },
    /// Values that make no series.
    #[error("{0}")]
    Series(#[from] SeriesError),
    /// An argument or a setting that cannot be used.
    #[error("{name}: {found}; {allowed}")]
    Setting {
        /// Which one.
        name: &'static str,
        /// Its value.
        found: Box<str>,
        /// What is allowed, as a clause.
        allowed: &'static str,
    },
}

impl ProviderError {
    /// Whether the same request may succeed later without anybody doing anything.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::RateLimited { .. } | Self::Unavailable { .. } | Self::Transport { .. })
    }

    /// The same error, naming the request whose answer it is about.
    pub(crate) fn in_request(mut self, id: &RequestId) -> Self {
        if let Self::Unexpected { request_id, .. } = &mut self {
            request_id.clone_from(id);
        }
        self
    }

    pub(crate) fn setting(name: &'static str, found: &str, allowed: &'static str) -> Self {
        Self::Setting { name, found: found.into(), allowed }
    }

    pub(crate) fn unexpected(
        what: &'static str,
        found: impl Into<Box<str>>,
        allowed: impl Into<Box<str>>,
    ) -> Self {
        Self::Unexpected {
            what,
            found: found.into(),
            allowed: allowed.into(),
            request_id: RequestId::default(),
        }
    }
}

impl ErrorCode {
    /// The code for the provider's word.
    pub(crate) fn of(word: &str) -> Self {
        match word {
            "BAD_REQUEST" => Self::BadRequest,
            "UNAUTHORIZED" => Self::Unauthorized,
            "PAYMENT_REQUIRED" => Self::PaymentRequired,
            "FORBIDDEN" => Self::Forbidden,
            "NOT_FOUND" => Self::NotFound,
            "METHOD_NOT_ALLOWED" => Self::MethodNotAllowed,
            "CONFLICT" => Self::Conflict,
            "UNPROCESSABLE_ENTITY" => Self::UnprocessableEntity,
            "TOO_MANY_REQUESTS" => Self::TooManyRequests,
            "INTERNAL_SERVER_ERROR" => Self::InternalServerError,
            other => Self::Other(printable(other).into()),
        }
    }
}

/// A foreign text, cut and without control characters, fit for a log.
pub(crate) fn printable(text: &str) -> String {
    text.chars().filter(|char| !char.is_control()).take(80).collect()
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::BadRequest => "BAD_REQUEST",
            Self::Unauthorized => "UNAUTHORIZED",
            Self::PaymentRequired => "PAYMENT_REQUIRED",
            Self::Forbidden => "FORBIDDEN",
            Self::NotFound => "NOT_FOUND",
            Self::MethodNotAllowed => "METHOD_NOT_ALLOWED",
            Self::Conflict => "CONFLICT",
            Self::UnprocessableEntity => "UNPROCESSABLE_ENTITY",
            Self::TooManyRequests => "TOO_MANY_REQUESTS",
            Self::InternalServerError => "INTERNAL_SERVER_ERROR",
            Self::Other(word) if word.is_empty() => "no code",
            Self::Other(word) => word,
        })
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(id) => write!(out, ", request {id}"),
            None => Ok(()),
        }
    }
}
